"""The token endpoint that App Service gives its apps, so that DefaultAzureCredential works."""
