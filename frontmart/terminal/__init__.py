"""What a terminal shows: tables, progress, the pager, and text without control characters."""
