"""The methods of Gmail REST v1, one file a noun; each lists its routes, its scopes and what it does."""
