"""The mapping file of a source, frontmart.toml: which keys fill which fields, what a post is, and further columns."""
