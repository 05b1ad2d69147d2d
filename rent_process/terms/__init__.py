"""What a rental was sold under: the rate, the fees and the policy in force when it was priced."""
