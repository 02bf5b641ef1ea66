"""Boards and tables: one board of deals, people or companies by any field, its views, moves, cells and acts on many."""
