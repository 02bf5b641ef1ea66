"""People, companies, and the addresses that belong to them."""
