"""The public HTTP API. Trigger: HTTP ``api/{*path}``. Owns no table, sends no message; forwards."""
