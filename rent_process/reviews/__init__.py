"""Reviews of completed rentals: written once, moderated, shown by class and branch."""
