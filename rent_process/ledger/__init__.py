"""The money of a rental: what was asked, what came, what was given back."""
