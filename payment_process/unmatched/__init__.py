"""The vendor's list against ours: intents under our mark that no payment of ours has."""
