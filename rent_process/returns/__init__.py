"""The car is back: check-in, what it costs on top, and what the calendar gets back."""
