"""What is never stored: values under a `secured` key, and the user and password of URLs."""
