"""A person's own mail, read from an export of it and put into a mailbox of the demo. Nothing leaves the machine."""
