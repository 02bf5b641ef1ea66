"""Who must not be mailed, how far that goes, and the proof of why."""
