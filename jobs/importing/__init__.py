"""Importing in parallel: processes that parse, and one that reads the files and holds the database."""
