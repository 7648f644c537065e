"""The generic extractor: an article of any publisher, by causes and not by sites."""

from pipeline.extract.article import NAME, VERSION, article_id, parse_article
from pipeline.extract.chosen import mark_of, parse_chosen

__all__ = ["NAME", "VERSION", "article_id", "mark_of", "parse_article", "parse_chosen"]
