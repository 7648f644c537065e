"""The generic extractor: an article of any publisher, by causes and not by sites."""

from pipeline.extract.article import NAME, VERSION, article_id, parse_article

__all__ = ["NAME", "VERSION", "article_id", "parse_article"]
