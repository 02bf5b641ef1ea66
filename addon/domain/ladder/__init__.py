"""The only mover: a deal leaves one stage and enters another, once, in one transaction, with one winner."""
