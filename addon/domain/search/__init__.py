"""The search box: deals, people and companies by their words, by beginnings of words, with one slip of the finger."""
