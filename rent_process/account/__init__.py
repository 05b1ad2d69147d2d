"""What a signed-in renter sees of, and may ask about, what is held on them (LGPD)."""
