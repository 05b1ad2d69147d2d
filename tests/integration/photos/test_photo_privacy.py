"""How long photos are kept, and what of them a renter who asks is told and freed of."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rent_process.photos import service
from shared import blobs
from tests.integration.rent_process.test_account import ana
from tests.plugins.counter import RETURN, check_in, check_out, park
from tests.plugins.market import Renter
from tests.plugins.operator import Operator, rows
from tests.plugins.photos import photo, send_photo
from tests.plugins.saga import pay

pytestmark = pytest.mark.usefixtures("files")
__all__ = ["ana"]  # a fixture
SCRATCH = {"description": "scratch", "amount": {"amount": 30_000, "currency": "BRL"}}


async def over(
    ana: Renter, operator: Operator, market: str, *damages: dict[str, Any]
) -> tuple[str, str]:
    """A rental of Ana's that has ended, with a photo; its reference and the photo's id."""
    reference = (await ana.book(await ana.offer())).json()["reference"]
    await pay(market, reference)
    [plate, _] = park(market)
    await check_out(reference, plate)
    await check_in(reference, damages=list(damages))
    added = await send_photo(operator, reference, photo())
    return reference, added.json()["id"]


async def test_export_lists_photos(ana: Renter, operator: Operator, market: str) -> None:
    _, photo_id = await over(ana, operator, market)
    [rental] = (await ana.client.get("/api/me/data")).json()["rentals"]
    [listed] = rental["photos"]
    assert (listed["id"], listed["kind"], listed["discarded_at"]) == (photo_id, "check_out", None)


async def test_erasure_deletes_photos_that_prove_no_claim(
    ana: Renter, operator: Operator, market: str
) -> None:
    reference, photo_id = await over(ana, operator, market)
    assert (await ana.client.delete("/api/me")).status_code == 200
    path = f"/api/rentals/{reference}/photos"
    seen = await operator.client.get(path, headers=operator.headers)
    assert seen.json()["photos"] == []
    assert await service.delete_due_photos(datetime.now(UTC)) == 1
    assert await blobs.get("photos", f"{photo_id}.jpg") is None
    late = await send_photo(operator, reference, photo(seed=2))
    assert (late.status_code, late.json()["code"]) == (409, "illegal_transition")


async def test_erasure_keeps_the_proof_of_a_damage_for_operators_alone(
    ana: Renter, operator: Operator, market: str
) -> None:
    reference, photo_id = await over(ana, operator, market, SCRATCH)
    assert (await ana.client.delete("/api/me")).status_code == 200
    path = f"/api/rentals/{reference}/photos/{photo_id}"
    assert (await operator.client.get(path, headers=operator.headers)).status_code == 200
    assert (await ana.client.get(path)).status_code == 404
    assert await service.delete_due_photos(datetime.now(UTC)) == 0


async def test_photo_is_deleted_when_claims_from_the_rental_lapse(
    ana: Renter, operator: Operator, market: str
) -> None:
    _, photo_id = await over(ana, operator, market, SCRATCH)
    lapses_at = datetime(RETURN.year + 6, 1, 1, tzinfo=UTC)
    assert rows(market, "SELECT keep_until FROM rent.rental_photo") == [(lapses_at,)]
    await service.delete_due_photos(lapses_at - timedelta(seconds=1))
    assert await blobs.get("photos", f"{photo_id}.jpg") is not None
    await service.delete_due_photos(lapses_at)
    assert await blobs.get("photos", f"{photo_id}.jpg") is None
    assert rows(market, "SELECT deleted_at FROM rent.rental_photo") == [(lapses_at,)]
