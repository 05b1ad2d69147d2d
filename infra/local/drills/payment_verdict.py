"""The judge of the payments drill: the vendor's ledger and the database, by its own SQL."""

from collections import Counter
from dataclasses import dataclass

from infra.local.drills.accounts import Account, read_accounts, read_vendor
from infra.local.drills.crash_points import Passing
from infra.local.drills.evidence import read_ledger
from infra.local.drills.judge import Judge
from infra.local.drills.rides import Ride
from infra.local.drills.settling import unsettled
from infra.local.drills.verdict import Verdict
from infra.local.stack.stack import Stack


@dataclass(frozen=True)
class Findings:
    """What the drill did."""

    rides: list[Ride]
    deaths: list[Passing]
    points: list[str]
    missed: list[str]
    settled: float | None


def judge_payments(stack: Stack, judge: Judge, findings: Findings) -> int:
    accounts = read_accounts(stack, judge, findings.rides)
    by_reference = {account.reference: account for account in accounts}
    _print_deaths(findings, {account.rental_id: account for account in accounts})
    pairs = _print_flows(findings, by_reference)
    verdict = Verdict("payments: the vendor's ledger and the database")
    _judge_drill(verdict, findings, len(accounts), pairs)
    _judge_money(verdict, stack, judge, accounts)
    _judge_rest(verdict, stack, judge, findings)
    return verdict.close()


def _print_deaths(findings: Findings, accounts: dict[str, Account]) -> None:
    flows = {ride.reference: ride.flow for ride in findings.rides}
    width = max((len(point) for point in findings.points), default=0)
    print(f"\n  {'died at':<{width}}  {'flow':<30}  outcome of the rental")
    for death in sorted(findings.deaths, key=lambda d: d.point):
        account = accounts.get(death.rental_id)
        # No account: the clock's own step, or a death before the booking was committed.
        flow = flows.get(account.reference, "rival for the last car") if account else "-"
        told = (
            account.outcome
            if account
            else "names none: a step of the clock, a webhook or an unfinished booking"
        )
        print(f"  {death.point:<{width}}  {flow:<30}  {told}")


def _print_flows(findings: Findings, accounts: dict[str, Account]) -> int:
    """The table flow x fault; returns how many pairs there are."""
    rows: dict[tuple[str, str], Counter[str]] = {}
    for ride in findings.rides:
        account = accounts.get(ride.reference)
        outcome = account.outcome if account else "NOT STORED"
        rows.setdefault((ride.fault, ride.flow), Counter())[outcome] += 1
    print(f"\n  {'fault':<32}  {'flow':<30}  outcomes")
    for (fault, flow), outcomes in rows.items():
        told = "; ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
        print(f"  {fault:<32}  {flow:<30}  {told}")
    return len({pair for pair in rows if pair[0] not in ("none", "killed")})


def _judge_drill(verdict: Verdict, findings: Findings, rentals: int, pairs: int) -> None:
    died_at = {death.point for death in findings.deaths}
    verdict.note("rentals stored", rentals)
    verdict.note("points of the flows", len(findings.points))
    verdict.note("points died at", len(died_at))
    verdict.note("pairs flow x other fault", pairs)
    verdict.note("distinct step x fault pairs", len(died_at) + pairs)
    verdict.require("points never died at", len(findings.missed), 0)
    for point in findings.missed:
        verdict.note(f"  {point}", "missed")
    stuck = [ride for ride in findings.rides if ride.problem]
    verdict.require("renters left in doubt", len(stuck), 0)
    for each in stuck:
        verdict.note(f"  {each.flow} / {each.fault} {each.reference}", each.problem)


def _judge_money(verdict: Verdict, stack: Stack, judge: Judge, accounts: list[Account]) -> None:
    _require_none(
        verdict, "captured - refunded is not what is due", [a for a in accounts if a.fault]
    )
    vendor = read_vendor(stack, judge)
    verdict.require("amounts due with two captured charges", len(vendor.twice), 0)
    for due in vendor.twice:
        verdict.note(f"  {due}", "twice")
    too_much = [a for a in accounts if a.took_too_much]
    _require_none(verdict, "captured more than was ever due", too_much)
    kept = [a for a in accounts if a.keeps_without_right]
    _require_none(verdict, "neither confirmed nor later, but money was kept", kept)
    untrue = [a for a in accounts if not a.is_stored_as_told]
    _require_none(verdict, "price, charges or cash are not as they were told", untrue)
    verdict.require("authorisations left at the vendor", vendor.held, 0)
    verdict.require("charges for payments nobody knows", vendor.unknown, 0)
    ledger = read_ledger(stack)
    recorded = {rental_id: rest for rental_id, *rest in judge.rows("recorded_money")}
    differing = sum(
        [moved.captured, moved.refunded] != recorded.get(rental_id, [0, 0])
        for rental_id, moved in ledger.items()
    )
    verdict.require("payments where ledger and database differ", differing, 0)


def _require_none(verdict: Verdict, subject: str, found: list[Account]) -> None:
    verdict.require(subject, len(found), 0)
    for account in found:
        verdict.note(f"  {account.reference}", account.outcome)


def _judge_rest(
    verdict: Verdict,
    stack: Stack,
    judge: Judge,
    findings: Findings,
) -> None:
    settled = findings.settled
    verdict.note("settled after, seconds", "never" if settled is None else f"{settled:.0f}")
    for subject, count in unsettled(stack, judge).items():
        verdict.require(subject, count, 0)
    verdict.require("dead letters", judge.ask("dead_letters"), 0)
    for queue, kind, count in judge.rows("dead_letter_kinds"):
        verdict.note(f"  {queue}: {kind}", count)
    verdict.require("payable or held after the rental's end", judge.ask("payable_after_the_end"), 0)
    verdict.require("hours above supply (sweep)", judge.ask("oversold"), 0)
    verdict.require("hours where calendar and rentals differ", judge.ask("calendar_disagrees"), 0)
    verdict.require("ends and refunds nobody was told of", judge.ask("untold"), 0)
    verdict.note("paid after the hold's end", judge.ask("late"))
    otherwise = sum(not ride.went_as_meant for ride in findings.rides)
    verdict.note("flows that went otherwise (hold over in an outage)", otherwise)
