"""The library of gisa: fetches, parses and stores news articles. It knows no schedule and no verbs."""

__version__ = "0.1.0"
