"""A cardholder asks the bank for the money back: recorded as Stripe says it, operators are told."""
