"""What a scheduler, cron or a person runs: jobs, command line, daemon and the sample portal."""
