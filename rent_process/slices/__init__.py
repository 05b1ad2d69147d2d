"""The hours of the calendar that a rental keeps, once its car has moved: shifted, never lost."""
