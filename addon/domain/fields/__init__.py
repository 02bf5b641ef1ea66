"""Fields of deals, people and companies: how each is named, what may stand in it, and what does."""
