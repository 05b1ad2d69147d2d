"""A stand-in for Stripe, as strict as Stripe (API 2026-10-28.endive)."""
