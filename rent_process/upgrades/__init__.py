"""A class is short: a rental that was not fetched yet gets a better one, at the same price."""
