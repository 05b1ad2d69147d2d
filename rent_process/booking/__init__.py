"""The rental is made and shown: one commit, idempotent, priced from a signed offer."""
