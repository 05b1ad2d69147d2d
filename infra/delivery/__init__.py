"""What a deployment runs beside Bicep: small programs for azure.yaml's hooks and the pipeline."""
