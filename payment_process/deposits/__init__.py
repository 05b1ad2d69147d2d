"""What an authorisation may become: captured in part or wholly, or renewed before it lapses."""
