"""Cards as plain values: a view and a pen in, JSON out. They know neither Flask nor the database."""
