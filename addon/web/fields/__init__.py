"""A field of any kind in a page: its words, its control, its value."""
