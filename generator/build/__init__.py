"""What to redo, where, and how it reaches the disk: plan, cache, manifest, executor, file system."""
