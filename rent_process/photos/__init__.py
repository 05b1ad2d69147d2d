"""Photos of a rental's cars: as they left, as they came back, and of what is charged as damage."""
