"""Mail that could not be delivered, or not yet: reports, notices and prose; whom it failed for and how badly."""
