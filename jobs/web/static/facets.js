// What Datasette's table page says in an inline script: its table.js asks for it.
var DATASETTE_ALLOW_FACET = true;
