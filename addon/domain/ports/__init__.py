"""What others implement for the domain."""
