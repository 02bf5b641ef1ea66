"""The demo's world: the team Halyard, whom it knows, its deals, and some weeks of its mail."""
