"""Read rate cards, preview a new one, publish it: from its instant on, audited, never edited."""

from collections.abc import Sequence
from datetime import datetime

from rent_process.audit import service as audit
from rent_process.rates import card_file, domain, repository
from shared.contracts.caller import Caller
from shared.contracts.rates import CardLine, NewRateCard, RateCards, RateChanges, RatesQuery
from shared.database import Connection, connect, transaction
from shared.errors import FieldError, Rejected
from shared.telemetry import event


async def list_rates(query: RatesQuery, now: datetime) -> RateCards:
    """Show the cards in force at an instant, and which versions there are."""
    async with connect("rent") as connection:
        cards = await repository.read_cards(connection, query.branch_group, query.at or now)
        versions = await repository.list_versions(connection, query.branch_group)
    return RateCards(cards=cards, versions=versions)


async def export_card(query: RatesQuery, now: datetime) -> str:
    """The card of one branch group as CSV.

    Raises:
        Rejected: ``validation_failed`` without a group; ``not_found``.
    """
    if query.branch_group is None:
        detail = "a CSV file holds the card of one branch group: name it"
        raise Rejected("validation_failed", detail, (FieldError("/branch_group", detail),))
    async with connect("rent") as connection:
        cards = await repository.read_cards(connection, query.branch_group, query.at or now)
    if not cards:
        raise Rejected("not_found", "there is no card of this group at that time")
    return card_file.write(cards[0].lines)


async def preview(card: NewRateCard, now: datetime) -> RateChanges:
    """Say what a card would change, and write nothing.

    Raises:
        Rejected: ``validation_failed`` with every fault and its place; ``rate_version_exists``.
    """
    effective_at = domain.check_instant(card.effective_at, now)
    async with connect("rent") as connection:
        return (await _check(connection, card, effective_at))[1]


async def publish(card: NewRateCard, caller: Caller, now: datetime) -> RateChanges:
    """Let a card count from its instant on. Offers that were signed before stay as they are.

    Raises:
        Rejected: ``validation_failed`` with every fault; ``rate_version_exists``.
    """
    domain.check_instant(card.effective_at, now)
    async with transaction("rent") as connection:
        locked_at = await repository.lock_group(connection, card.branch_group)
        # At once is after whatever was published while this call waited.
        effective_at = card.effective_at or locked_at
        lines, changes = await _check(connection, card, effective_at)
        await repository.insert_card(connection, card, lines, effective_at, caller.actor)
        await _record(connection, card, changes, caller)
    event("rates_published", {"branch_group": card.branch_group})
    return changes


async def _check(
    connection: Connection, card: NewRateCard, effective_at: datetime
) -> tuple[Sequence[CardLine], RateChanges]:
    catalogue = await repository.read_catalogue(connection, card.branch_group)
    domain.check_currency(card.currency, catalogue)
    lines = _lines_of(card, catalogue)
    cards = await repository.read_cards(connection, card.branch_group, effective_at)
    if cards and cards[0].effective_at == effective_at:
        detail = "this group has a card from that instant on; choose another"
        raise Rejected("rate_version_exists", detail, (FieldError("/effective_at", detail),))
    before = cards[0].lines if cards else []
    changes = domain.changes_between(before, lines)
    found = RateChanges(branch_group=card.branch_group, effective_at=effective_at, changes=changes)
    return lines, found


def _lines_of(card: NewRateCard, catalogue: domain.Catalogue) -> Sequence[CardLine]:
    """The lines, when they are a card; else every fault by its line, of a CSV by the file's."""
    faults: list[FieldError] = []
    if card.csv is None:
        lines = list(card.lines or ())
        places = [f"/lines/{index}" for index in range(len(lines))]
        names = [f"line {index + 1}: " for index in range(len(lines))]
    else:
        numbered, faults = card_file.read(card.csv)
        lines = [line for _, line in numbered]
        places = [f"/csv/{number}" for number, _ in numbered]
        names = [f"line {number}: " for number, _ in numbered]
    whole = "/lines" if card.csv is None else "/csv"
    # A file of which a line is not understood is not held to be without what that line says.
    for index, message in domain.faults_of(lines, catalogue) if not faults else ():
        place = (whole, "") if index is None else (places[index], names[index])
        faults.append(FieldError(place[0], place[1] + message))
    if faults:
        raise Rejected("validation_failed", "this is not a whole rate card", tuple(faults))
    return lines


async def _record(
    connection: Connection, card: NewRateCard, changes: RateChanges, caller: Caller
) -> None:
    await audit.record(
        connection,
        caller,
        "rates_published",
        target=card.branch_group,
        reason=card.reason,
        before={each.line: each.before for each in changes.changes if each.before is not None},
        after={
            "effective_at": changes.effective_at.isoformat(),
            **{each.line: each.after for each in changes.changes if each.after is not None},
        },
    )
