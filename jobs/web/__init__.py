"""The web page over the database: Datasette with pages of ours. Only `gisa serve` loads it."""
