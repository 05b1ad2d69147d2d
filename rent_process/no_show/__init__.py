"""A confirmed rental ends before a car has left: nobody came, or the counter cancels."""
