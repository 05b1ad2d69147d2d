"""A card that is tried too often is declined before the vendor is asked to charge it."""
