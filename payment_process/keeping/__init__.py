"""The card that is kept for a rental's later payments: under whom, and until when."""
