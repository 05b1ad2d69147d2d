"""The public API as tables: what renters call, what operators call."""
