"""One file per migration, in their order; each says why."""
