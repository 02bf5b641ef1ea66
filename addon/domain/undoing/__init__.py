"""Taking an act back, which is an act itself: it says beforehand what it restores, and can be taken back too."""
