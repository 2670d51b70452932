"""``ClearedItem``s → ``Catalogue``: addresses, listings, relations, link check."""
