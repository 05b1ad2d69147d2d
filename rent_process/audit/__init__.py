"""Who did what, when: one row for every operator's action, in the transaction of that action."""
