"""A hold ends unpaid: by its clock, or because no attempt can pay it any more."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.sql import SQL

from rent_process.settlement import service as settlement
from shared.contracts.messages import PaymentOutcome
from tests.plugins.market import SUPPLY, Renter
from tests.plugins.saga import call, messages, pay


async def test_unpaid_hold_expires_and_gives_its_car_back(renter: Renter, market: str) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    later = datetime.now(UTC) + timedelta(minutes=16)
    assert await settlement.expire_due(later) == 1
    assert await settlement.expire_due(later) == 0
    assert (await renter.read(accepted))["status"] == "EXPIRED"
    assert (await renter.search()).json()["offers"][0]["available"] == SUPPLY


async def test_hold_that_cannot_end_keeps_no_other_from_ending(renter: Renter, market: str) -> None:
    offer = await renter.offer()
    stuck, *others = [(await renter.book(offer)).json() for _ in range(3)]
    with psycopg.connect(market) as owner:  # the first to be due, and a change of it is refused
        owner.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN ASSERT NEW.reference <> TG_ARGV[0]; RETURN NEW; END'"
        )
        owner.execute(
            SQL(
                "CREATE TRIGGER refuse BEFORE UPDATE ON rent.rental"
                " FOR EACH ROW EXECUTE FUNCTION refuse({})"
            ).format(stuck["reference"])
        )
    with pytest.raises(psycopg.errors.AssertFailure):
        await settlement.expire_due(datetime.now(UTC) + timedelta(minutes=16))
    ends = [(await renter.read(each))["status"] for each in (stuck, *others)]
    assert ends == ["PENDING", "EXPIRED", "EXPIRED"]


@pytest.mark.parametrize(("minutes", "status"), [(0, "FAILED"), (16, "EXPIRED")])
async def test_payment_that_was_given_up_ends_its_hold_and_tells_the_renter_once(
    renter: Renter, market: str, minutes: int, status: str
) -> None:
    """At once, when a person has canceled it at the vendor: no further attempt could pay."""
    accepted = (await renter.book(await renter.offer())).json()
    now = datetime.now(UTC) + timedelta(minutes=minutes)
    for _ in range(2):
        await pay(market, accepted["reference"], PaymentOutcome.VOIDED, now=now)
    assert (await renter.read(accepted))["status"] == status
    assert (await renter.search()).json()["offers"][0]["available"] == SUPPLY
    told = [each["template"] for each in messages(market, "email_requested.v1")]
    assert told == ["rental_expired"]
    choice = {"method": "card", "payment_method_id": "pm_card_visa"}
    key = {"Idempotency-Key": "again"}
    answer = await call(renter, "POST", accepted, "payment", json=choice, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_payable")


async def test_payment_that_was_given_up_ends_no_rental_that_was_paid_since(
    renter: Renter, market: str
) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    await pay(market, accepted["reference"])
    await pay(market, accepted["reference"], PaymentOutcome.VOIDED)
    assert (await renter.read(accepted))["status"] == "CONFIRMED"
