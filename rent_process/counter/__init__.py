"""Money at the counter: cash or terminal taken, goodwill given."""
