"""ClearedItems → index shards under ``search/``, and the reader that answers from them in Python."""
