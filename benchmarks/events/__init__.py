"""How well events are found: pairs of articles labelled by reading, and the measures on them."""
