"""Exports: articles to files in the formats of others, with the sheets that say what is in them and why."""
