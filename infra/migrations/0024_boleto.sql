-- A boleto carries its payer's address. It stands with the driver, so that erasure takes it along.

CREATE OR REPLACE VIEW rent.payer_view AS
SELECT rental_id,
       concat_ws(' ', driver ->> 'given_name', driver ->> 'family_name') AS name,
       driver ->> 'email' AS email,
       CASE WHEN driver -> 'document' ->> 'type' = 'cpf' THEN driver -> 'document' ->> 'number'
       END AS tax_id,
       driver -> 'billing_address' AS address
FROM rent.rental;

-- What a renter has to pay with outside of our pages: the e-mail shows it too.
CREATE VIEW payment.voucher_view AS
SELECT rental_id, purpose, sequence,
       coalesce(next_action #>> '{boleto_display_details,number}',
                next_action #>> '{pix_display_qr_code,data}') AS code,
       coalesce(next_action #>> '{boleto_display_details,hosted_voucher_url}',
                next_action #>> '{pix_display_qr_code,hosted_instructions_url}') AS url,
       next_action #>> '{boleto_display_details,pdf}' AS pdf_url,
       to_timestamp(coalesce(
           (next_action #>> '{boleto_display_details,expires_at}')::double precision,
           (next_action #>> '{pix_display_qr_code,expires_at}')::double precision)) AS expires_at
FROM payment.payment
WHERE status = 'REQUIRES_ACTION' AND method IN ('pix', 'boleto');
GRANT USAGE ON SCHEMA payment TO email;
GRANT SELECT ON payment.voucher_view TO email;
