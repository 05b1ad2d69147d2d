-- A row comes before its file and says how long that may take: no file is ever without a row.

-- name: lock_rental
SELECT rental_id, driver ? 'erased' AS erased, return_at, currency FROM rental
WHERE reference = %(reference)s FOR UPDATE

-- name: find_subject
-- A leg of the rental: the newest that the question fits.
SELECT l.number AS leg, v.plate, c.same_subject, c.same_rental
FROM rental_leg l
JOIN vehicle v USING (vehicle_id)
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE p.kind = %(kind)s AND p.leg = l.number
                              AND p.damage IS NOT DISTINCT FROM %(damage)s) AS same_subject,
           count(*) AS same_rental
    FROM rental_photo p
    WHERE p.rental_id = l.rental_id AND p.stored_at IS NOT NULL AND p.keep_until > %(now)s
) AS c
WHERE l.rental_id = %(rental_id)s AND (%(plate)s::text IS NULL OR v.plate = %(plate)s)
  AND CASE %(kind)s
          WHEN 'check_out' THEN true
          WHEN 'check_in' THEN l.in_at IS NOT NULL
          ELSE EXISTS (SELECT FROM rental_damage d
                       WHERE d.rental_id = l.rental_id AND d.number = %(damage)s
                         AND d.vehicle_id = l.vehicle_id)
      END
ORDER BY l.number DESC LIMIT 1

-- name: find_same
SELECT photo_id FROM rental_photo
WHERE rental_id = %(rental_id)s AND kind = %(kind)s AND leg = %(leg)s
  AND damage IS NOT DISTINCT FROM %(damage)s AND source_sha256 = %(source_sha256)s
  AND stored_at IS NOT NULL AND discarded_at IS NULL

-- name: insert_photo
INSERT INTO rental_photo (rental_id, kind, leg, damage, source_sha256, sha256, size_bytes, width,
                          height, keep_until)
VALUES (%(rental_id)s, %(kind)s, %(leg)s, %(damage)s, %(source_sha256)s, %(sha256)s,
        %(size_bytes)s, %(width)s, %(height)s, %(keep_until)s)
RETURNING photo_id

-- name: mark_stored
UPDATE rental_photo SET stored_at = %(now)s, keep_until = %(keep_until)s
WHERE photo_id = %(photo_id)s AND deleted_at IS NULL

-- name: list_photos
SELECT p.photo_id AS id, p.kind, p.damage, v.plate, p.stored_at AS added_at, p.width, p.height,
       p.size_bytes, encode(p.sha256, 'hex') AS sha256
FROM rental_photo p
JOIN rental r USING (rental_id)
JOIN rental_leg l ON l.rental_id = p.rental_id AND l.number = p.leg
JOIN vehicle v USING (vehicle_id)
WHERE r.reference = %(reference)s AND p.stored_at IS NOT NULL AND p.keep_until > %(now)s
  AND (%(photo_id)s::uuid IS NULL OR p.photo_id = %(photo_id)s)
ORDER BY p.stored_at, p.photo_id

-- name: list_damages
SELECT d.number, v.plate, d.description, d.amount_minor, r.currency
FROM rental_damage d JOIN rental r USING (rental_id) JOIN vehicle v USING (vehicle_id)
WHERE r.reference = %(reference)s ORDER BY d.number

-- name: discard
UPDATE rental_photo SET discarded_at = %(now)s, keep_until = %(now)s
WHERE rental_id = %(rental_id)s AND photo_id = %(photo_id)s
  AND stored_at IS NOT NULL AND discarded_at IS NULL AND keep_until > %(now)s
RETURNING kind, damage, encode(source_sha256, 'hex') AS source_sha256

-- name: find_discarded
SELECT discarded_at FROM rental_photo
WHERE rental_id = %(rental_id)s AND photo_id = %(photo_id)s AND discarded_at IS NOT NULL

-- name: list_due
SELECT photo_id FROM rental_photo
WHERE deleted_at IS NULL AND keep_until <= %(now)s ORDER BY keep_until LIMIT %(limit)s

-- name: mark_deleted
UPDATE rental_photo SET deleted_at = %(now)s WHERE photo_id = %(photo_id)s

-- name: forget
-- Where a damage is charged, the photos are its proof (LGPD, article 16, I, and article 7, VI).
UPDATE rental_photo p SET keep_until = least(keep_until, %(now)s)
WHERE rental_id = ANY (%(rental_ids)s::uuid[]) AND stored_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM rental_damage d WHERE d.rental_id = p.rental_id)
