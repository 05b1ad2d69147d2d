"""The night's work on the calendar: sold further ahead, and compared with the rentals."""
