"""What a rental costs and whether it may be had: search, prices, signed offers."""
