"""The commands, each a few lines around what does the work, and imports nothing that takes time before it runs."""
