"""Mingtang: a static-site generator for a cluster of government-disclosure websites."""

__version__ = "0.1.0"
