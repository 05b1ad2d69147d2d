"""Application Insights' ingestion endpoint, and a viewer for what it received."""
