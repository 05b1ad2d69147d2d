"""The operator's reports: each one query, by a branch's local days, as JSON or CSV."""
