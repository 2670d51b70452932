"""``ItemFacts`` → ``ClearedItem`` or ``WithheldItem``: the gate, its evidence, and the proof after the build."""
