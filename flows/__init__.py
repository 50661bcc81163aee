"""What runs, in which order, and all input and output."""
