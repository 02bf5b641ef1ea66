"""A mail opened, however broken: its parts, fields, envelope, and the text that a person would read."""
