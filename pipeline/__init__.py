"""The library of gisa: fetching, parsing and storing news articles. It knows no schedule and no command line."""

__version__ = "0.1.0"
