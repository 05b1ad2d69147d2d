"""Azure App Configuration's data plane: key-values, labels, locks; feature flags are key-values."""
