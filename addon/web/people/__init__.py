"""People and companies: their pages and forms."""
