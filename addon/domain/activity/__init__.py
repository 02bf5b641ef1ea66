"""The diary: every change, who made it, what caused it, what it took back."""
