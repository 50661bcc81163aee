"""Find events in the texts of news articles."""
