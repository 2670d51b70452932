"""The commands that write into ``content/``."""
