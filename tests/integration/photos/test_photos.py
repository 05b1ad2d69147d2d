"""Photos of the car: sent by operators, kept in blobs, seen by whoever may see the rental."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from infra.local.stack.ports import Ports
from rent_process.handover import service as handover
from rent_process.photos import domain, service
from shared import blobs
from shared.contracts.handover import ExchangeRequest
from shared.contracts.photos import MAXIMUM_PHOTO_BYTES
from shared.database import transaction
from shared.errors import Unavailable
from shared.settings import get_settings
from tests.plugins.counter import CALLER, PICKUP, check_in, check_out, leaving, park
from tests.plugins.market import Renter
from tests.plugins.operator import Operator, rows
from tests.plugins.photos import PHONE, from_a_phone, photo, send_photo
from tests.plugins.saga import book_and_pay, call

pytestmark = pytest.mark.usefixtures("files")
SCRATCH = {"description": "scratch, left door", "amount": {"amount": 30_000, "currency": "BRL"}}
CAMERA = photo()


async def left(renter: Renter, market: str) -> tuple[dict[str, Any], str]:
    """A rental whose car has left, and the car's plate."""
    [plate, _] = park(market)
    accepted = await book_and_pay(renter, market)
    await check_out(accepted["reference"], plate)
    return accepted, plate


async def back(renter: Renter, market: str) -> tuple[dict[str, Any], str]:
    """A rental whose car is back with a scratch."""
    accepted, plate = await left(renter, market)
    await check_in(accepted["reference"], damages=[SCRATCH])
    return accepted, plate


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# --- the whole life ----------------------------------------------------------------------------


async def test_whole_life_of_photos(renter: Renter, operator: Operator, market: str) -> None:
    accepted, plate = await back(renter, market)
    reference = accepted["reference"]
    added = []
    ways: list[dict[str, Any]] = [{}, {"kind": "check_in"}, {"kind": "damage", "damage": 1}]
    for number, how in enumerate(ways):
        answer = await send_photo(operator, reference, from_a_phone(seed=number), **how)
        assert answer.status_code == 201, answer.text
        added.append(answer.json())
        assert answer.headers["Location"] == added[-1]["href"]
    seen = (await call(renter, "GET", accepted, "photos")).json()
    assert seen["photos"] == added
    assert [(each["kind"], each.get("damage"), each["plate"]) for each in added] == [
        ("check_out", None, plate), ("check_in", None, plate), ("damage", 1, plate),
    ]  # fmt: skip
    assert seen["damages"] == [{"number": 1, "plate": plate} | SCRATCH]
    for each in added:
        read = await call(renter, "GET", accepted, f"photos/{each['id']}")
        assert read.headers["Content-Type"] == "image/jpeg"
        assert read.headers["X-Content-Type-Options"] == "nosniff"
        assert read.headers["Cache-Control"] == "private, no-cache"
        assert sha256(read.content).hexdigest() == each["sha256"]
        assert len(read.content) == each["size_bytes"]
        assert PHONE.encode() not in read.content
        known = {"If-None-Match": read.headers["ETag"]}
        again = await call(renter, "GET", accepted, f"photos/{each['id']}", headers=known)
        assert (again.status_code, again.content) == (304, b"")
    entries = (await operator.audit(rental=reference))[:3]
    assert [entry["action"] for entry in entries] == ["photo_added"] * 3
    assert entries[0]["target"] == added[2]["id"]
    source = sha256(from_a_phone(seed=2)).hexdigest()
    assert entries[0]["after"] == {
        "kind": "damage", "damage": 1, "plate": plate, "sha256": added[2]["sha256"],
        "source_sha256": source,
    }  # fmt: skip


async def test_same_photo_again_is_the_same_photo(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted, _ = await back(renter, market)
    reference = accepted["reference"]
    answers = await asyncio.gather(*(send_photo(operator, reference, CAMERA) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    replays = [answer.headers.get("Idempotent-Replayed") for answer in answers]
    assert sorted(map(str, replays)) == ["None"] + ["true"] * 4
    assert len(await operator.audit(rental=reference)) == 3  # with check-out and check-in
    other = await send_photo(operator, reference, CAMERA, kind="check_in")
    assert other.json()["id"] != answers[0].json()["id"]
    # What the losers have stored is deleted when their time is over.
    kept = rows(market, "SELECT count(*) FROM rent.rental_photo WHERE stored_at IS NOT NULL")
    assert kept == [(2,)]
    lost = rows(market, "SELECT count(*) FROM rent.rental_photo WHERE stored_at IS NULL")
    assert await service.delete_due_photos(datetime.now(UTC) + domain.STORING) == lost[0][0]


async def test_each_car_of_a_rental_has_its_photos(
    renter: Renter, operator: Operator, market: str
) -> None:
    [first, second] = park(market)
    accepted = await book_and_pay(renter, market)
    reference = accepted["reference"]
    await check_out(reference, first)
    body = leaving(second, returned={"odometer_km": 1_100, "fuel_eighths": 8}, reason="noise")
    request = ExchangeRequest.model_validate(body)
    await handover.exchange(reference, request, CALLER, PICKUP + timedelta(hours=2))
    for kind, plate, expected in (
        ("check_out", None, second),
        ("check_out", first, first),
        ("check_in", None, first),
    ):
        how = {"kind": kind} | ({"plate": plate} if plate else {})
        answer = await send_photo(operator, reference, CAMERA, **how)
        assert (answer.status_code, answer.json()["plate"]) == (201, expected)
    not_back = await send_photo(operator, reference, CAMERA, kind="check_in", plate=second)
    assert refusal(not_back) == (409, "illegal_transition")


async def test_header_says_nothing_about_what_was_sent(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted, _ = await left(renter, market)
    for seed, form, said in ((1, "PNG", "image/jpeg"), (2, "WEBP", "text/html"), (3, "JPEG", "")):
        answer = await send_photo(
            operator, accepted["reference"], photo(form, seed=seed), content_type=said
        )
        assert answer.status_code == 201
        read = await call(renter, "GET", accepted, f"photos/{answer.json()['id']}")
        assert read.headers["Content-Type"] == "image/jpeg"
        assert read.content.startswith(b"\xff\xd8\xff")


# --- what is refused ---------------------------------------------------------------------------

BAD: tuple[tuple[bytes, dict[str, Any], int, str], ...] = (
    (b"", {}, 415, "unsupported_media_type"),
    (b"%PDF-1.7", {}, 415, "unsupported_media_type"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, 415, "unsupported_media_type"),
    (b"GIF89a" + CAMERA, {"content_type": "image/gif"}, 415, "unsupported_media_type"),
    (CAMERA[: len(CAMERA) // 2], {}, 422, "validation_failed"),
    (b"\xff\xd8\xff" + b"\0" * 500, {}, 422, "validation_failed"),
    (b"\xff\xd8\xff" + b"\0" * MAXIMUM_PHOTO_BYTES, {}, 413, "payload_too_large"),
    (CAMERA, {"kind": "selfie"}, 422, "validation_failed"),
    (CAMERA, {"kind": "damage"}, 422, "validation_failed"),
    (CAMERA, {"damage": 1}, 422, "validation_failed"),
    (CAMERA, {"kind": "damage", "damage": 0}, 422, "validation_failed"),
    (CAMERA, {"kind": "damage", "damage": "x"}, 422, "validation_failed"),
    (CAMERA, {"plate": "'; --"}, 422, "validation_failed"),
    (CAMERA, {"extra": "1"}, 422, "validation_failed"),
    (CAMERA, {"kind": "damage", "damage": 2}, 404, "not_found"),
    (CAMERA, {"plate": "ABC1D23"}, 409, "illegal_transition"),
)


async def test_bad_photos_are_refused_and_leave_nothing(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted, _ = await back(renter, market)
    for content, how, status, code in BAD:
        answer = await send_photo(operator, accepted["reference"], content, **how)
        assert refusal(answer) == (status, code), (content[:20], how, answer.text)
    assert rows(market, "SELECT count(*) FROM rent.rental_photo") == [(0,)]


async def test_largest_photo_is_taken(renter: Renter, operator: Operator, market: str) -> None:
    accepted, _ = await left(renter, market)
    sent = CAMERA + b"\0" * (MAXIMUM_PHOTO_BYTES - len(CAMERA))
    assert (await send_photo(operator, accepted["reference"], sent)).status_code == 201
    answer = await send_photo(operator, accepted["reference"], sent + b"\0")
    assert refusal(answer) == (413, "payload_too_large")


async def test_car_has_to_have_left_or_come_back(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    reference = accepted["reference"]
    for kind in ("check_out", "check_in"):
        answer = await send_photo(operator, reference, CAMERA, kind=kind)
        assert refusal(answer) == (409, "illegal_transition")
    [plate, _] = park(market)
    await check_out(reference, plate)
    assert (await send_photo(operator, reference, CAMERA)).status_code == 201
    early = await send_photo(operator, reference, CAMERA, kind="check_in")
    assert refusal(early) == (409, "illegal_transition")


async def test_only_operators_of_the_branch_send_and_discard(
    renter: Renter, operator: Operator, operator_of_gig: Operator, market: str
) -> None:
    accepted, _ = await left(renter, market)
    reference = accepted["reference"]
    assert refusal(await send_photo(operator, "0" * 8, CAMERA)) == (404, "not_found")
    assert refusal(await send_photo(operator_of_gig, reference, CAMERA)) == (404, "not_found")
    added = (await send_photo(operator, reference, CAMERA)).json()
    discard = f"/rentals/{reference}/photos/{added['id']}/discard"
    answer = await operator_of_gig.send("POST", discard, {"reason": "mine"})
    assert refusal(answer) == (404, "not_found")
    guest = {"Authorization": f"Bearer {accepted['manage_token']}"}
    for path in (f"/rentals/{reference}/photos?kind=check_out", discard):
        answer = await renter.client.post(f"/api/operator{path}", content=CAMERA, headers=guest)
        assert refusal(answer) == (401, "unauthenticated")


async def test_nobody_else_sees_photos(
    renter: Renter, operator: Operator, operator_of_gig: Operator, market: str
) -> None:
    accepted, _ = await left(renter, market)
    added = (await send_photo(operator, accepted["reference"], CAMERA)).json()
    other = await book_and_pay(renter, market)
    for what in ("photos", f"photos/{added['id']}"):
        path = f"/api/rentals/{accepted['reference']}/{what}"
        assert (await renter.client.get(path, headers=operator.headers)).status_code == 200
        for token, expected in (
            (None, (401, "unauthenticated")),
            (other["manage_token"], (401, "unauthenticated")),
            (operator_of_gig.headers["Authorization"].split()[1], (404, "not_found")),
        ):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            assert refusal(await renter.client.get(path, headers=headers)) == expected
    # A photo is one of its rental, and of no other that somebody has a token of.
    stolen = await call(renter, "GET", other, f"photos/{added['id']}")
    assert refusal(stolen) == (404, "not_found")
    for unknown in (uuid4(), "x", "..%2f..%2fdocuments"):
        answer = await call(renter, "GET", accepted, f"photos/{unknown}")
        assert refusal(answer) == (404, "not_found")


async def test_no_more_than_are_of_use(
    renter: Renter, operator: Operator, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted, _ = await back(renter, market)
    reference = accepted["reference"]
    monkeypatch.setattr(domain, "MOST_OF_ONE_THING", 2)
    monkeypatch.setattr(domain, "MOST_OF_A_RENTAL", 3)
    # At once: the last place is given once.
    answers = await asyncio.gather(
        *(send_photo(operator, reference, photo(seed=seed)) for seed in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    again = next(seed for seed in range(4) if answers[seed].status_code == 201)
    repeat = await send_photo(operator, reference, photo(seed=again))
    assert repeat.headers["Idempotent-Replayed"] == "true"
    assert (await send_photo(operator, reference, CAMERA, kind="check_in")).status_code == 201
    full = await send_photo(operator, reference, CAMERA, kind="damage", damage=1)
    assert refusal(full) == (409, "too_many_photos")


# --- discarded, lost, damaged ------------------------------------------------------------------


async def test_discarded_photo_is_gone_and_may_be_sent_again(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted, _ = await left(renter, market)
    reference = accepted["reference"]
    added = (await send_photo(operator, reference, CAMERA)).json()
    path = f"/rentals/{reference}/photos/{added['id']}/discard"
    for body, expected in (({}, 422), ({"reason": ""}, 422), ({"reason": "shows a child"}, 200)):
        answer = await operator.send("POST", path, body)
        assert answer.status_code == expected
    again = await operator.send("POST", path, {"reason": "shows a child"})
    assert (again.status_code, again.json()) == (200, answer.json())
    [entry, *_] = await operator.audit(rental=reference)
    assert (entry["action"], entry["reason"]) == ("photo_discarded", "shows a child")
    assert entry["before"]["source_sha256"] == sha256(CAMERA).hexdigest()
    gone = await call(renter, "GET", accepted, f"photos/{added['id']}")
    assert refusal(gone) == (404, "not_found")
    assert (await call(renter, "GET", accepted, "photos")).json()["photos"] == []
    assert await service.delete_due_photos(datetime.now(UTC)) == 1
    assert await blobs.get("photos", f"{added['id']}.jpg") is None
    assert await service.delete_due_photos(datetime.now(UTC)) == 0
    anew = (await send_photo(operator, reference, CAMERA)).json()
    assert anew["id"] != added["id"]
    unknown = f"/rentals/{reference}/photos/{uuid4()}/discard"
    assert refusal(await operator.send("POST", unknown, {"reason": "x"})) == (404, "not_found")


@pytest.mark.parametrize("dies", ["before it is stored", "after it is stored"])
async def test_photo_that_was_lost_on_its_way_leaves_no_file_and_may_come_again(
    dies: str, renter: Renter, operator: Operator, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted, _ = await left(renter, market)
    put = blobs.put

    async def put_and_die(container: blobs.Container, name: str, blob: blobs.Blob) -> None:
        if dies == "after it is stored":
            await put(container, name, blob)
        raise Unavailable("gone")

    monkeypatch.setattr(blobs, "put", put_and_die)
    answer = await send_photo(operator, accepted["reference"], CAMERA)
    assert refusal(answer) == (503, "service_unavailable")
    monkeypatch.setattr(blobs, "put", put)
    assert (await call(renter, "GET", accepted, "photos")).json()["photos"] == []
    [(lost,)] = rows(market, "SELECT photo_id FROM rent.rental_photo")
    assert (await send_photo(operator, accepted["reference"], CAMERA)).status_code == 201
    now = datetime.now(UTC)
    assert await service.delete_due_photos(now) == 0
    assert await service.delete_due_photos(now + domain.STORING) == 1
    assert await blobs.get("photos", f"{lost}.jpg") is None
    assert len((await call(renter, "GET", accepted, "photos")).json()["photos"]) == 1


async def test_file_that_is_not_what_was_stored_is_not_shown(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted, _ = await left(renter, market)
    added = (await send_photo(operator, accepted["reference"], CAMERA)).json()
    await blobs.put("photos", f"{added['id']}.jpg", blobs.Blob(photo(seed=9), "image/jpeg"))
    answer = await call(renter, "GET", accepted, f"photos/{added['id']}")
    assert refusal(answer) == (503, "service_unavailable")


async def test_storage_that_is_down_refuses_nothing_for_good(
    renter: Renter, operator: Operator, market: str, environment: pytest.MonkeyPatch
) -> None:
    accepted, _ = await left(renter, market)
    await blobs.close_blobs()
    environment.setenv(
        "BLOB_CONNECTION_STRING",
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;"
        f"BlobEndpoint=http://127.0.0.1:{Ports.free().blob}/a;",
    )
    environment.setattr(blobs, "TIMEOUT_SECONDS", 0.2)
    get_settings.cache_clear()
    answer = await send_photo(operator, accepted["reference"], CAMERA)
    assert refusal(answer) == (503, "service_unavailable")
    assert (await call(renter, "GET", accepted, "photos")).json()["photos"] == []


async def test_what_a_photo_is_can_not_be_changed_by_the_application(market: str) -> None:
    assert market
    for statement in (
        "UPDATE rental_photo SET sha256 = ''",
        "UPDATE rental_photo SET kind = 'damage'",
        "DELETE FROM rental_photo",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with transaction("rent") as connection:
                await connection.execute(statement.encode())
