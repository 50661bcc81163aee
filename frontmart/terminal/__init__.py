"""Output on a terminal: tables, progress, the pager, and text without control characters."""
