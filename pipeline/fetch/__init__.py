"""The only network code: polite, bounded in time and memory, honest about who we are."""

from pipeline.fetch.client import Fetcher
from pipeline.fetch.naver import NaverKeys
from pipeline.fetch.politeness import HostMemory, Limits
from pipeline.fetch.robots_text import described

__all__ = ["Fetcher", "HostMemory", "Limits", "NaverKeys", "described"]
