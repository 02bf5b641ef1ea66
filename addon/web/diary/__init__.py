"""What was done, in words, and taking it back."""
