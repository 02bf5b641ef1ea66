"""Tasks: what is due, and the forms."""
