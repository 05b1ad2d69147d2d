-- What RentProcess compares: which e-mails of a rental were asked for and what became of them.
CREATE INDEX email_newest ON email.email (created_at);

CREATE VIEW email.reconciliation_view AS
    SELECT rental_id, template, status, created_at FROM email.email;
CREATE VIEW email.outbox_view AS SELECT queue, created_at FROM email.outbox;
GRANT SELECT ON email.reconciliation_view, email.outbox_view TO rent;
