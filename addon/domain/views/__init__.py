"""Views: which deals, people or companies are shown, in which groups and which order, as a board or a table."""
