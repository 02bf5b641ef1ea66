"""Google as identity: clients, consent, grants, tokens and the keys that sign."""
