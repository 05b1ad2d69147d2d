"""Whether everything agrees: rentals, payments, vendor, calendar, outboxes, e-mails."""
