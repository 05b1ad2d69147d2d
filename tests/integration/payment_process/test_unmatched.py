"""What the vendor has under our mark and no payment knows is found, ended or shown."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from payment_process.function import handle
from payment_process.stripe_gateway import StripeGateway
from payment_process.unmatched import service as unmatched
from tests.integration.payment_process.conftest import TOTAL, Desk
from tests.integration.payment_process.stripe_account import Stripe

LATER = timedelta(minutes=11)  # past the grace


async def look(after: timedelta = LATER) -> int:
    return await unmatched.look_around(StripeGateway(), datetime.now(UTC) + after)


def lose(desk: Desk) -> None:
    """As a restore does: what was committed since is gone."""
    with psycopg.connect(desk.database) as connection:
        connection.execute("TRUNCATE payment.payment CASCADE")


def note(desk: Desk, intent_id: str) -> None:
    with psycopg.connect(desk.database) as connection:
        connection.execute(
            "UPDATE payment.payment SET intent_id = %s, version = version + 1, cause = 'test'",
            [intent_id],
        )


def found(desk: Desk) -> list[tuple[str, int, bool]]:
    rows = desk.query("SELECT status, held_minor, closed_at FROM payment.unmatched_intent")
    return [(row["status"], row["held_minor"], row["closed_at"] is not None) for row in rows]


async def test_intents_that_a_payment_has_are_left_alone(desk: Desk, stripe: Stripe) -> None:
    await handle(desk.request("pm_card_visa"))
    await handle(desk.request("pm_card_threeDSecure2Required", attempt=2))
    assert await look() == 0
    assert found(desk) == []
    assert [total["captured"] for total in await stripe.totals()] == [TOTAL]


async def test_money_that_nobody_knows_is_shown_until_it_was_given_back(
    desk: Desk, stripe: Stripe
) -> None:
    await handle(desk.request("pm_card_visa"))
    [intent_id] = [row["intent_id"] for row in desk.query("SELECT intent_id FROM payment.payment")]
    lose(desk)
    assert await look() == 1
    assert await look() == 1
    assert found(desk) == [("succeeded", TOTAL, False)]
    await stripe.refund(intent_id, TOTAL - 1)
    assert await look() == 1
    assert found(desk) == [("succeeded", 1, False)]
    await stripe.refund(intent_id, 1)
    assert await look() == 0
    assert found(desk) == [("succeeded", 0, True)]


async def test_what_could_still_be_paid_is_canceled(desk: Desk, stripe: Stripe) -> None:
    await handle(desk.request("pm_card_threeDSecure2Required"))
    lose(desk)
    assert await look() == 0
    assert found(desk) == [("canceled", 0, True)]
    assert [total["captured"] for total in await stripe.totals()] == [0]


async def test_an_authorisation_is_left_to_a_person(desk: Desk, stripe: Stripe) -> None:
    await handle(desk.request("pm_card_visa", save_method=True))
    await handle(desk.deposit_request())
    lose(desk)
    assert await look() == 2
    assert sorted(found(desk)) == [("requires_capture", 0, False), ("succeeded", TOTAL, False)]


@pytest.mark.parametrize("metadata", [{}, {"rental_id": "7", "payment_id": str(uuid4())}])
async def test_what_others_made_under_the_account_is_not_ours(
    metadata: dict[str, str], desk: Desk, stripe: Stripe
) -> None:
    await stripe.create_intent(metadata)
    assert await look() == 0
    assert found(desk) == []


async def test_payment_that_turns_up_is_matched_again(desk: Desk, stripe: Stripe) -> None:
    await handle(desk.request("pm_card_visa"))
    [row] = desk.query("SELECT intent_id FROM payment.payment")
    note(desk, "pi_another")
    assert await look() == 1
    note(desk, row["intent_id"])
    assert await look() == 0
    assert found(desk) == []


async def test_the_list_is_read_once_and_in_pages(desk: Desk, stripe: Stripe) -> None:
    mark = {"rental_id": str(uuid4()), "payment_id": str(uuid4())}
    for _ in range(101):
        await stripe.create_intent(mark)
    await look()
    assert len(found(desk)) == 101
    with psycopg.connect(desk.database) as connection:
        connection.execute("DELETE FROM payment.unmatched_intent")
    await look(LATER)
    assert found(desk) == [], "what was read is not read again"
    with psycopg.connect(desk.database) as connection:
        connection.execute(
            "UPDATE payment.vendor_listing SET read_until = read_until - interval '1 hour'"
        )
    await look()
    assert len(found(desk)) == 101, "a restored database reads what it has forgotten"


async def test_an_intent_younger_than_the_grace_may_be_on_its_way(
    desk: Desk, stripe: Stripe
) -> None:
    await stripe.create_intent({"rental_id": str(uuid4()), "payment_id": str(uuid4())})
    assert await look(timedelta(minutes=9)) == 0
    assert found(desk) == []
    await look()
    assert len(found(desk)) == 1
