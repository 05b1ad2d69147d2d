"""Rate cards: operators read them, preview a new one and publish it. None is ever edited."""
