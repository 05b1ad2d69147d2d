"""The local sign-in: a real OpenID provider (npm oidc-provider) with demo people."""
