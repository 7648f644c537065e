"""Benchmarks: ratios side by side in one run, since machines are shared and noisy. None of them is a test."""
