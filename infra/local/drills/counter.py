"""What an operator does in the payments drill: the car leaves and comes back, money is settled.

Every call is sent again until it is answered, the same with the same key: what a crash has done
already is done once.
"""

from dataclasses import dataclass
from typing import Any

from infra.local.drills.renting import HTTP_ACCEPTED, HTTP_OK, Booked, Stuck, insist
from infra.local.load.renters import Reply

CREATED = 201
CURRENCY = "BRL"
FULL_TANK = 8
DRIVEN_KM = 10


def money(amount_minor: int) -> dict[str, Any]:
    return {"amount": amount_minor, "currency": CURRENCY}


@dataclass
class Counter:
    """The operator who looks after one rental."""

    rental: Booked
    odometer_km: int = 0

    async def check_out(self, deposit_card: str = "") -> int:
        """Let a car go; returns the deposit that is asked for."""
        body: dict[str, Any] = {}

        async def send() -> Reply:
            nonlocal body
            body = body or await self._some_car(deposit_card)
            if not body:
                return Reply(0, {})
            reply = await self._call("POST", "check-out", body)
            if reply.code == "vehicle_unavailable":
                body = {}  # another rental's operator was faster
            return reply

        reply = await insist(send, lambda r: r.status == HTTP_OK)
        self.odometer_km = reply.body["odometer_km"]
        return int(reply.body["deposit"]["amount"])

    async def _some_car(self, deposit_card: str) -> dict[str, Any]:
        suggestion = (await self._call("GET", "check-out")).body
        cars = [
            each for each in (suggestion.get("suggested"), *suggestion.get("others", [])) if each
        ]
        if not cars:
            return {}
        car = self.rental.town.draw.choice(cars)
        chosen = {"deposit_payment_method_id": deposit_card} if deposit_card else {}
        told = {"plate": car["plate"], "odometer_km": car["odometer_km"]}
        return told | {"fuel_eighths": FULL_TANK} | chosen

    async def check_in(self, damage_minor: int = 0) -> None:
        body: dict[str, Any] = {
            "odometer_km": self.odometer_km + DRIVEN_KM,
            "fuel_eighths": FULL_TANK,
        }
        if damage_minor:
            body["damages"] = [{"description": "a dent", "amount": money(damage_minor)}]
        reply = await insist(
            lambda: self._call("POST", "check-in", body), lambda r: r.status == HTTP_OK
        )
        self.rental.purse.added += reply.body["total"]["amount"]
        if reply.body["total"]["amount"] != damage_minor:
            raise Stuck(f"charged {reply.body['total']} for a damage of {damage_minor}")

    async def fine(self, amount_minor: int) -> None:
        line = {"purpose": "Fine", "description": "a notice", "unit_amount": money(amount_minor)}
        await self._once("charges", {"lines": [line]}, HTTP_ACCEPTED)
        self.rental.purse.added += amount_minor

    async def give_goodwill(self, amount_minor: int, which: str = "") -> None:
        body = {"amount": money(amount_minor), "reason": "the car was late"}
        await self._once("refunds", body, HTTP_ACCEPTED, which)
        self.rental.purse.goodwill += amount_minor

    async def take_cash(self, amount_minor: int) -> None:
        body = {"amount": money(amount_minor), "method": "cash"}
        await self._once("payments", body, CREATED)
        self.rental.purse.cash += amount_minor

    async def hand_back(self, amount_minor: int) -> None:
        body = {"amount": money(amount_minor), "method": "cash"}
        await self._once("returned-payments", body, CREATED)
        self.rental.purse.cash -= amount_minor

    async def take_of_deposit(self, amount_minor: int) -> bool:
        """False: it does not stand, or nothing is due any more."""
        body = {"captured": money(amount_minor), "reason": "the fine"}
        no = ("not_payable", "amount_exceeds_due")
        reply = await insist(
            lambda: self._call("PUT", "deposit", body),
            lambda r: r.status == HTTP_ACCEPTED or r.code in no,
        )
        return reply.status == HTTP_ACCEPTED

    async def due(self) -> int:
        """What the renter is told is left to pay."""
        path, headers = (
            f"/rentals/{self.rental.reference}",
            {"Authorization": f"Bearer {self.rental.token}"},
        )
        client = self.rental.town.client
        reply = await insist(
            lambda: client.send("GET", path, None, headers), lambda r: r.status == HTTP_OK
        )
        return int(reply.body.get("due", {}).get("amount", 0))

    async def _once(self, call: str, body: dict[str, Any], good: int, which: str = "") -> None:
        key = f"{self.rental.key}-{call}{which}"
        await insist(lambda: self._call("POST", call, body, key), lambda r: r.status == good)

    async def _call(
        self, method: str, call: str, body: dict[str, Any] | None = None, key: str = ""
    ) -> Reply:
        town = self.rental.town
        headers = {"Authorization": f"Bearer {town.operator_token()}"}
        if key:
            headers["Idempotency-Key"] = key
        path = f"/operator/rentals/{self.rental.reference}/{call}"
        return await town.client.send(method, path, body, headers)
