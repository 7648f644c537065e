"""What names articles besides portals' listings: feeds, sitemaps, pages of links. All are pure functions."""
