"""Infrastructure: Bicep, migrations, dashboards, and the local stack."""
