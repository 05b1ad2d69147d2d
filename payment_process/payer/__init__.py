"""Who pays by boleto, as RentProcess shows it: no personal data travels on queues."""
