"""Bytes → ``ParsedItem``: the source tree, front matter, the schema, the definitions."""
