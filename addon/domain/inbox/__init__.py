"""A mail arrived: what was made of it is stored, linked, settled and acted on, in this order and nowhere else."""
