"""Keeps the ledger in a file, so that a restart of the local stack loses no payment.

Written when the server stops, and whenever the account has been quiet for a second after a change;
never under load.
"""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from infra.local.standins.stripe import vouchers
from infra.local.standins.stripe.cards import BY_NUMBER
from infra.local.standins.stripe.errors import Json
from infra.local.standins.stripe.idempotency import Answer, Keys
from infra.local.standins.stripe.ledger import Attempt, now
from infra.local.standins.stripe.vendor import Stripe

COLLECTIONS = (
    "customers",
    "methods",
    "intents",
    "charges",
    "refunds",
    "disputes",
    "transactions",
    "events",
)
SETS = ("used_up", "set_up", "deleted_customers")
QUIET_SECONDS = 1.0
EVENTS_KEPT = 2000  # the newest; more would make the file large and say little


class Snapshot:
    def __init__(self, path: Path, stripe: Stripe, keys: Keys) -> None:
        self._path, self._stripe, self._keys = path, stripe, keys

    def save(self) -> None:
        ledger = self._stripe.ledger
        state: Json = {name: getattr(ledger, name) for name in COLLECTIONS}
        state["events"] = dict(list(ledger.events.items())[-EVENTS_KEPT:])
        state |= {name: sorted(getattr(ledger, name)) for name in SETS}
        state["cards"] = {name: card.number for name, card in ledger.cards.items()}
        state["attempts"] = {name: asdict(each) for name, each in ledger.attempts.items()}
        state["keys"] = {
            key: [*self._keys.first[key], asdict(answer)]
            for key, answer in self._keys.answers.items()
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(state), encoding="utf-8")
        fresh.replace(self._path)

    def load(self) -> None:
        """Take up where the last run stopped; what was on its way then arrives now."""
        if not self._path.exists():
            return
        state = json.loads(self._path.read_text(encoding="utf-8"))
        ledger = self._stripe.ledger
        for name in COLLECTIONS:
            setattr(ledger, name, state[name])
        for name in SETS:
            setattr(ledger, name, set(state[name]))
        ledger.cards = {name: BY_NUMBER[number] for name, number in state["cards"].items()}
        ledger.attempts = {name: Attempt(**each) for name, each in state["attempts"].items()}
        for key, (path, body, answer) in state["keys"].items():
            self._keys.first[key] = (path, body)
            self._keys.answers[key] = Answer(**answer)
        for intent in ledger.intents.values():
            self._resume(intent)

    def _resume(self, intent: Json) -> None:
        if intent["status"] == "processing":
            charge = self._stripe.ledger.charges[intent["latest_charge"]]
            self._stripe.later(0, vouchers.arrive, self._stripe, intent, charge)
        challenge = self._stripe.ledger.attempt(intent).challenge
        expires_at = vouchers.expires_at(intent)
        if challenge and expires_at:
            wait = max(0, expires_at - now())
            self._stripe.later(wait, vouchers.expire, self._stripe, intent, challenge)

    async def keep(self) -> None:
        """Save after every change, once it is quiet. Runs until canceled."""
        saved = seen = self._mark()
        while True:
            await asyncio.sleep(QUIET_SECONDS)
            mark = self._mark()
            if mark == seen != saved:
                self.save()
                saved = mark
            seen = mark

    def _mark(self) -> tuple[int, str]:
        """Differs after every change that matters: each of them has an event or a method."""
        ledger = self._stripe.ledger
        return len(ledger.methods), next(reversed(ledger.events), "")
