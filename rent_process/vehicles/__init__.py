"""Each car: in and out of the fleet, between branches, in the workshop; supply follows."""
