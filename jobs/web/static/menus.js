// A click beside an open menu closes it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.actions-menu-links, details.nav-menu")) {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  }
});
