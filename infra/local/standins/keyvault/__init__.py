"""Azure Key Vault's secrets over TLS, behind its authentication challenge."""
