// The editor of Datasette's SQL pages; without scripts the plain text area works as well.
document.addEventListener("DOMContentLoaded", () => {
  const input = document.querySelector("textarea#sql-editor");
  if (!input || typeof CodeMirror === "undefined") return;
  const editor = CodeMirror.fromTextArea(input, {
    lineNumbers: true,
    mode: "text/x-sql",
    lineWrapping: true,
    extraKeys: { "Shift-Enter": () => input.form.submit(), Tab: false },
  });
  editor.getInputField().setAttribute("aria-label", "SQL");
  const button = document.querySelector("button#sql-format");
  if (button && typeof sqlFormatter !== "undefined") {
    button.hidden = false;
    button.addEventListener("click", () => editor.setValue(sqlFormatter.format(editor.getValue())));
  }
});
