"""The past of a source: its listings by date or its sitemaps, and its articles, fetched as a crawl does."""
