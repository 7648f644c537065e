"""Parsing beside the crawls: worker processes that read pages while the event loop fetches and stores."""
