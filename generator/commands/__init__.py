"""One module for each group of commands; ``generator.cli`` loads the one that was typed."""
