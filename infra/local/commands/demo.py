"""``dev.py demo``: rents a car on a running system, from search to e-mail, and times each step."""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from infra.local.stack.errors import StackError
from infra.local.stack.place import data_dir_of
from infra.local.stack.running import find_running

_DECIDED_WITHIN_SECONDS = 60
_MAIL_WITHIN_SECONDS = 30
_POLL_SECONDS = 0.1
_PICKUP_HOUR = 10  # every branch of the demo company is open then, on every weekday
_RENTAL_DAYS = 3
_LEAD_DAYS = 21
Result = TypeVar("Result")


def run(arguments: argparse.Namespace) -> int:
    api_url = arguments.url
    try:
        api_url, mail_api = _where(arguments)
        with httpx.Client(base_url=api_url, timeout=30) as api:
            _Demo(api, mail_api, arguments.card).run()
    except httpx.TransportError as error:
        print(f"dev.py demo: {api_url} does not answer: {error}", file=sys.stderr)
        return 1
    except (StackError, httpx.HTTPError) as error:
        print(f"dev.py demo: {error}", file=sys.stderr)
        return 1
    return 0


def _where(arguments: argparse.Namespace) -> tuple[str, str | None]:
    """The API, and its mailbox where that can be read: only a local stack's can."""
    if arguments.url:
        return arguments.url, None
    running = find_running(data_dir_of(arguments))
    return running["api"], running["mail_api"]


class _Demo:
    def __init__(self, api: httpx.Client, mail_api: str | None, card: str) -> None:
        self._api, self._mail_api, self._card = api, mail_api, card
        self._begun = time.monotonic()
        self._email = f"demo-{uuid4().hex[:8]}@example.com"

    def run(self) -> None:
        branch = self._step("choose a branch", self._choose_branch)
        offer = self._step("search", lambda: self._search(branch))
        booked = self._step("book", lambda: self._book(offer))
        status = self._step("pay", lambda: self._follow(booked))
        told = f"{booked['reference']} is {status}"
        if mail_api := self._mail_api:
            subject = self._step("e-mail", lambda: self._find_mail(mail_api))
            told += f"; the mailbox has: {subject}"
        print(f"\n  {told}")

    def _step(self, name: str, act: Callable[[], tuple[Result, str]]) -> Result:
        begun = time.monotonic()
        result, said = act()
        now = time.monotonic()
        print(f"  {now - self._begun:6.2f} s  {name:<16} {now - begun:5.2f} s  {said}", flush=True)
        return result

    def _choose_branch(self) -> tuple[dict[str, Any], str]:
        branches = _answer(self._api.get("branches"))["branches"]
        branch = min(branches, key=lambda each: str(each["code"]))
        return branch, f"{branch['name']} ({len(branches)} branches)"

    def _search(self, branch: dict[str, Any]) -> tuple[dict[str, Any], str]:
        zone = ZoneInfo(branch["timezone"])
        pickup = (datetime.now(UTC) + timedelta(days=_LEAD_DAYS)).astimezone(zone)
        pickup = pickup.replace(hour=_PICKUP_HOUR, minute=0, second=0, microsecond=0)
        asked = {
            "pickup_branch": branch["code"],
            "return_branch": branch["code"],
            "pickup_at": pickup.isoformat(),
            "return_at": (pickup + timedelta(days=_RENTAL_DAYS)).isoformat(),
            "driver_age": 35,
        }
        offers = _answer(self._api.get("offers", params=asked))["offers"]
        available = [offer for offer in offers if offer["available"]]
        if not available:
            raise StackError(
                "no class is available then", "python3 dev.py clean --data; start anew"
            )
        offer = min(available, key=lambda each: int(each["price"]["total"]["amount"]))
        price = _money(offer["price"]["total"])
        return offer, f"{len(available)} classes; {_class_of(offer)} for {price}"

    def _book(self, offer: dict[str, Any]) -> tuple[dict[str, Any], str]:
        today = datetime.now(UTC).date()
        body = {
            "offer": offer["offer"],
            "extras": [],
            "coverages": [],
            "driver": {
                "given_name": "Ana",
                "family_name": "Demonstração",
                "email": self._email,
                "phone": "+5511987654321",
                "birth_date": today.replace(year=today.year - 35, day=1).isoformat(),
                "document": {"type": "passport", "number": "BR123456", "country": "BR"},
            },
            "payment": {"method": "card", "payment_method_id": self._card},
            "locale": "pt-BR",
            "accept_terms": True,
        }
        headers = {"Idempotency-Key": str(uuid4())}
        booked = _answer(self._api.post("rentals", json=body, headers=headers))
        return booked, f"{booked['reference']} {booked['status']}, {_money(booked['total'])}"

    def _follow(self, booked: dict[str, Any]) -> tuple[str, str]:
        headers = {"Authorization": f"Bearer {booked['manage_token']}"}

        def decided() -> tuple[str, str] | None:
            rental = _answer(self._api.get(f"rentals/{booked['reference']}", headers=headers))
            payment = rental["payment"]["status"]
            if rental["status"] == "PENDING" and payment not in {"DECLINED", "REQUIRES_ACTION"}:
                return None
            return rental["status"], f"{rental['status']}, payment {payment}"

        return _poll(decided, _DECIDED_WITHIN_SECONDS, "the rental is still PENDING")

    def _find_mail(self, mail_api: str) -> tuple[str, str]:
        def arrived() -> tuple[str, str] | None:
            for mail in httpx.get(f"{mail_api}/email", timeout=30).json():
                if any(to["address"] == self._email for to in mail["to"]):
                    return str(mail["subject"]), f"to {self._email}: {mail['subject']}"
            return None

        return _poll(arrived, _MAIL_WITHIN_SECONDS, f"no e-mail to {self._email} arrived")


def _poll(ask: Callable[[], Result | None], seconds: float, otherwise: str) -> Result:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = ask()
        if found is not None:
            return found
        time.sleep(_POLL_SECONDS)
    raise StackError(
        f"{otherwise} after {seconds} s", "see functions.log in the data folder's logs"
    )


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.is_error:
        said = f"{response.request.method} {response.url.path} answered {response.status_code}"
        raise StackError(f"{said}: {response.text}", "see functions.log in the data folder's logs")
    found: dict[str, Any] = response.json()
    return found


def _money(value: dict[str, Any]) -> str:
    return f"{value['currency']} {value['amount'] / 100:,.2f}"


def _class_of(offer: dict[str, Any]) -> str:
    found = offer["class"]
    return str(found.get("acriss", found) if isinstance(found, dict) else found)
