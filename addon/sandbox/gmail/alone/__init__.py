"""The simulator as a program of its own: what it is asked, what it writes for other programs, what it says."""
