"""The proof. Folders say what kind: unit, contract, integration, functions, e2e, faults."""
