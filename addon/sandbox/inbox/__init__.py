"""A mail program for the sandbox: it plays Gmail's part towards people, and Google's part towards the add-on."""
