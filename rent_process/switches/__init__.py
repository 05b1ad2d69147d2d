"""The feature flags as operators see and turn them, in App Configuration."""
