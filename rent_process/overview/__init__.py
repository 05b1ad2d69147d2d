"""The operator's list of rentals: filtered, newest first, page by page."""
