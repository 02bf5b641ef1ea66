"""What is asked for and how: filters, the bar above every board and table, saved views and their addresses."""
