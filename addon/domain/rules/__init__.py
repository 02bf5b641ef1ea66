"""What a mail may do to a deal by itself: conditions over facts, one move at most, always with its evidence."""
