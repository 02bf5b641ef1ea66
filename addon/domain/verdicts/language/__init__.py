"""Texts in many languages: which one it is, cut into sentences and words; how mails begin and end."""
