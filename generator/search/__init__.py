"""``ClearedItem``s → index shards, and the reader that answers in Python."""
