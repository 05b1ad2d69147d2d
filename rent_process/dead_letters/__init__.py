"""Messages that a consumer could not handle, of every queue: seen, replayed, discarded."""
