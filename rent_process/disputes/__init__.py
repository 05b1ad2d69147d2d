"""The disputes that Stripe tells of, for the operators who must answer them."""
