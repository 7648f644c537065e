"""Pages out of files: web archives (WARC), folders of saved HTML, lines of JSON. Knows no database."""
