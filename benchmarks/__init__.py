"""The benchmark: its harness, the generator of its corpora, and the simple rivals that Frontmart is compared with."""
