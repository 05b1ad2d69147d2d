"""Who pays by boleto: a CPF, an address, and enough days before the pick-up."""
