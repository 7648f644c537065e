"""Telling people: alerts about sources, digests of watches, pings of a dead-man monitor."""
