"""The rental's life with its cars, played at random: check-out, exchange, extension, check-in.

Over everything that ``test_life`` plays. After every step the calendar ahead is what was agreed
and what happened, no car is in two places, and no state changes but as documented.
"""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from rent_process.handover import service as handover
from rent_process.no_show import service as no_show
from rent_process.overtime import service as overtime
from rent_process.returns import service as returns
from rent_process.settlement import service as settlement
from shared.contracts.handover import (
    CheckInRequest,
    CheckOutRequest,
    ExchangeRequest,
    ExtensionRequest,
)
from shared.database import close_pools
from shared.errors import Rejected
from tests.integration.rent_process.test_life import CLASSES, DOCUMENTED, RESET, WHICH, Charge, Life
from tests.plugins.counter import CALLER, TWICE_OUT, WRONG_HOURS, coming, leaving, park

CARS = 5  # of each class at GRU
ON_SALE = 4
AT_THE_COUNTER = {
    ("CONFIRMED", "CHECKED_OUT"), ("CONFIRMED", "NO_SHOW"), ("CHECKED_OUT", "COMPLETED"),
}  # fmt: skip
NO_SHOW_SHARE = 2  # half of the price (tests/plugins/counter.py)
CALLS = (
    "check_out", "exchange", "extend", "extend_anyway", "check_in", "no_show",
)  # fmt: skip


class LifeOfCars(Life):
    documented = DOCUMENTED | AT_THE_COUNTER
    done: set[str]

    @initialize()
    def start(self) -> None:
        super().start()
        for statement in ("TRUNCATE rent.supply_exception", "DELETE FROM rent.vehicle"):
            self.connection.execute(statement.encode())
        for statement in RESET.split(";"):
            self.connection.execute(statement.encode(), {"cars": ON_SALE})
        for car_class in CLASSES:
            park(self.url, "GRU", car_class, CARS)
        self.timer_at = self.now
        self.km = 2_000  # what every car comes back with: more each time

    def driven(self) -> int:
        self.km += 150
        return self.km

    def odometer(self, plate: str) -> int:
        [(km,)] = self.ask("SELECT odometer_km FROM rent.vehicle WHERE plate = %(p)s", p=plate)
        return int(km)

    def tried(self, name: str, reference: str, wanted: str, step: Any) -> Any:
        """Run a call; None when it was refused, which it must be in every other state."""
        before = self.status(reference)
        try:
            answer = self.run(step)
        except Rejected as refusal:
            allowed = {
                "illegal_transition", "vehicle_unavailable", "car_unavailable", "period_invalid",
                "validation_failed",
            }  # fmt: skip
            assert refusal.code in allowed  # noqa: PT017
            if before != wanted:
                assert refusal.code == "illegal_transition"  # noqa: PT017
            return None
        assert before == wanted
        self.done.add(name)
        return answer

    def pick_in(self, status: str, which: int) -> str:
        """Mostly one that the call is meant for; else the state is as good as never right."""
        fitting = [r for r, model in self.models.items() if model.status == status]
        return fitting[which % len(fitting)] if fitting and which % 5 else self.pick(which)

    def car_for(self, reference: str, which: int, *, upgrade: bool) -> str:
        """Any car of the class, or of the other one; sometimes one that is out."""
        plates = self.ask(
            "SELECT v.plate FROM rent.vehicle v JOIN rent.rental r"
            " ON (v.class_code = r.class_code) <> %(upgrade)s AND r.reference = %(reference)s"
            " ORDER BY v.branch_code <> r.pickup_branch, EXISTS (SELECT FROM rent.rental_leg l"
            "   WHERE l.vehicle_id = v.vehicle_id AND l.in_at IS NULL), plate",
            upgrade=upgrade, reference=reference,
        )  # fmt: skip
        return str(plates[which if which < len(plates) else 0][0])

    # --- what happens at the counter ------------------------------------------------------------

    @precondition(lambda self: self.models)
    @rule(which=WHICH, car=WHICH, upgrade=st.sampled_from([False, False, True]))
    def car_leaves(self, which: int, car: int, *, upgrade: bool) -> None:
        reference = self.pick_in("CONFIRMED", which)
        plate = self.car_for(reference, car, upgrade=upgrade)
        request = CheckOutRequest.model_validate(
            leaving(plate, odometer_km=self.odometer(plate), upgrade=upgrade)
        )
        if self.status(reference) != "CHECKED_OUT":  # else it may be a repeat
            step = handover.check_out(reference, request, CALLER, self.now)
            self.tried("check_out", reference, "CONFIRMED", step)

    @precondition(lambda self: "CHECKED_OUT" in {m.status for m in self.models.values()})
    @rule(which=WHICH, car=WHICH, upgrade=st.sampled_from([False, False, True]))
    def car_is_exchanged(self, which: int, car: int, *, upgrade: bool) -> None:
        reference = self.pick_in("CHECKED_OUT", which)
        plate = self.car_for(reference, car, upgrade=upgrade)
        body = leaving(
            plate,
            returned={"odometer_km": self.driven(), "fuel_eighths": 8},
            reason="noise",
            upgrade=upgrade,
            odometer_km=self.odometer(plate),
        )
        request = ExchangeRequest.model_validate(body)
        step = handover.exchange(reference, request, CALLER, self.now)
        self.tried("exchange", reference, "CHECKED_OUT", step)

    @precondition(lambda self: "CHECKED_OUT" in {m.status for m in self.models.values()})
    @rule(which=WHICH, hours=st.sampled_from([1, 5, 24, 50]), override=st.booleans())
    def car_stays_longer(self, which: int, hours: int, *, override: bool) -> None:
        reference = self.pick_in("CHECKED_OUT", which)
        [(return_at,)] = self.ask(
            "SELECT return_at FROM rent.rental WHERE reference = %(r)s", r=reference
        )
        body = {"return_at": (return_at + timedelta(hours=hours)).isoformat()}
        if override:
            body |= {"override": True, "reason": "they insist"}
        request = ExtensionRequest.model_validate_json(json.dumps(body))
        name = "extend_anyway" if override else "extend"
        step = overtime.extend(reference, request, CALLER, self.now)
        answer = self.tried(name, reference, "CHECKED_OUT", step)
        if answer is not None:
            self.models[reference].due += answer.total.amount

    @precondition(lambda self: self.models)
    @rule(
        which=WHICH, fuel=st.integers(6, 8), damage=st.sampled_from([0, 1, 1, 12_345]),
        goes_home=st.booleans(),
    )  # fmt: skip
    def car_comes_back(self, which: int, fuel: int, damage: int, *, goes_home: bool) -> None:
        reference = self.pick_in("CHECKED_OUT", which)
        if self.status(reference) == "COMPLETED" or damage == 1:
            return  # it may be a repeat; or the car stays for now
        amount = {"amount": damage, "currency": "BRL"}
        body = coming(fuel_eighths=fuel, odometer_km=self.driven(), car_goes_home=goes_home)
        body["damages"] = [{"description": "door", "amount": amount}] if damage else []
        request = CheckInRequest.model_validate(body)
        step = returns.check_in(reference, request, CALLER, self.now)
        answer = self.tried("check_in", reference, "CHECKED_OUT", step)
        if answer is not None:
            assert answer.total.amount >= damage
            self.models[reference].due += answer.total.amount

    @precondition(lambda self: self.models)
    @rule(which=WHICH)
    def nobody_comes(self, which: int) -> None:
        reference = self.pick_in("CONFIRMED", which)
        if self.status(reference) == "NO_SHOW":
            return  # it may be a repeat
        if which % 4:  # wait for them
            [(pickup_at,)] = self.ask(
                "SELECT pickup_at FROM rent.rental WHERE reference = %(r)s", r=reference
            )
            self.now = max(self.now, pickup_at + timedelta(hours=2))
        model = self.models[reference]
        step = no_show.record_no_show(reference, None, CALLER, self.now)
        answer = self.tried("no_show", reference, "CONFIRMED", step)
        if answer is not None:
            fee = min((model.total + 1) // NO_SHOW_SHARE, model.net)
            assert (answer.fee.amount, answer.refund.amount) == (fee, model.net - fee)
            model.owe(fee)

    @rule()
    def timer_runs(self) -> None:
        self.run(settlement.expire_due(self.now))
        self.run(overtime.take_overdue(self.now))
        self.timer_at = self.now

    # --- the judges -----------------------------------------------------------------------------

    @invariant()
    def calendar_is_what_was_sold(self) -> None:
        hour = int(self.now.timestamp()) // 3600
        assert self.ask(WRONG_HOURS, hour=hour, timer_at=self.timer_at, blocks=1) == []
        assert self.ask(TWICE_OUT) == []

    @invariant()
    def what_comes_on_top_is_charged_once(self) -> None:
        for reference, extra in self.ask(
            "SELECT r.reference, coalesce(sum(c.amount_minor), 0) FROM rent.rental r"
            " LEFT JOIN rent.additional_charge c USING (rental_id)"
            " WHERE r.status IN ('CHECKED_OUT', 'COMPLETED') GROUP BY 1"
        ):
            model = self.models[reference]
            assert model.total + extra == model.due

    @invariant()
    def states_change_only_as_documented(self) -> None:
        for reference, after in self.ask("SELECT reference, status FROM rent.rental"):
            self.saw(reference, after)

    @invariant()
    def vendor_hears(self) -> None:
        """The price's payments; what comes later has its own tests (tests/integration/charging)."""
        by_id = {model.rental_id: model for model in self.models.values()}
        for position, body in self.ask(
            "SELECT position, body FROM rent.outbox WHERE position > %(after)s ORDER BY position",
            after=self.read_to,
        ):
            self.read_to = position
            message: dict[str, Any] = json.loads(body)
            if message.get("purpose", "PREPAY") != "PREPAY":
                continue
            model, sequence = by_id[UUID(message["rental_id"])], message.get("sequence", 1)
            match message["type"]:
                case "payment_requested.v1":
                    known = model.charges.setdefault(sequence, Charge(message["amount"]["amount"]))
                    known.attempt, known.declined = message["attempt"], False
                case "payment_cancel_requested.v1":
                    if sequence in model.charges:
                        model.charges[sequence].given_up = True
                case "refund_requested.v1":
                    key = (sequence, message["refund_number"])
                    assert key not in model.refunds
                    model.refunds[key] = message["amount"]["amount"]


@pytest.mark.timeout(300)
def test_life_of_cars_keeps_calendar_places_and_money_true(market: str) -> None:
    with asyncio.Runner() as runner:
        seen: set[tuple[str, str]] = set()
        done: set[str] = set()
        machine = type(
            "LifeOfCarsOnDatabase",
            (LifeOfCars,),
            {"url": market, "runner": runner, "seen_transitions": seen, "done": done},
        )
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=20, stateful_step_count=40, deadline=None, database=None,
                phases=[Phase.generate],  # shrinking outlasts the time limit
                derandomize=True, suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
        runner.run(close_pools())
    # What was never tried was never proved.
    assert seen >= AT_THE_COUNTER
    assert done >= set(CALLS)
