"""A saved page as a regression case."""

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""


def main(args: argparse.Namespace) -> int:
    """Run it."""
    return 0
