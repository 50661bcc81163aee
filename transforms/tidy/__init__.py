"""Records -> the tidy tables."""
