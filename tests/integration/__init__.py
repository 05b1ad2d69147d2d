"""On real PostgreSQL, Azurite and stand-ins."""
