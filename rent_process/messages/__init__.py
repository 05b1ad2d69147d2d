"""What a renter and a branch write each other about a rental: kept with it, answers e-mailed."""
