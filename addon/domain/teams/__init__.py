"""Teams and their people: who they are, what role they play."""
