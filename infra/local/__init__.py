"""The system on one machine: a Functions host, stand-ins for vendors, and what starts them."""
