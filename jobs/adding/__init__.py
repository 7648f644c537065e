"""Sources that are found, tried and written into config.toml: `gisa add`."""
