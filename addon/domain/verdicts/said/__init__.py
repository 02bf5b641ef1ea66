"""What a person said, by phrase sets that an admin can read and extend, one file a language."""
