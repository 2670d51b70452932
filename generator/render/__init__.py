"""``Catalogue`` → ``OutputFile``s: Markdown, theme, pages, feeds, government metadata."""
