"""Promo codes: how often one is used, and what operators say of them."""
