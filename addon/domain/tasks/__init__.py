"""Tasks: what somebody is to do by a day, for a deal or a person."""
