"""What the product does: one room an ability. See the layers in pyproject.toml for who may use whom."""
