"""What a renter changes about a rental: cancellation and modification."""
