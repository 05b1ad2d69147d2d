-- name: find_payer
SELECT name, email, tax_id, address FROM rent.payer_view WHERE rental_id = %(rental_id)s
