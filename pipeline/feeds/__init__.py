"""Feeds for others to read: Atom 1.0 (RFC 4287, RFC 6721) and JSON Feed 1.1, written from stored articles.

Pure functions of what they are given: the same articles make the same bytes.
"""
