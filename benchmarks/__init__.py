"""The harness, the corpus it runs on and the naive rivals that it measures against."""
