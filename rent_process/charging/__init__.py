"""The deposit, and what is owed on top of the price: asked for, captured, released, shown."""
