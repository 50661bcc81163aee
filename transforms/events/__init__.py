"""Events: articles on one happening, found by their words, dates, URLs and links."""
