"""Meeting mail: invitations and the answers to them, from the calendar file inside."""
