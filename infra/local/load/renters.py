"""What a renter's browser sends: a search, then a booking with one of its offers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Self

import aiohttp

SECONDS = 60  # for one call; the functions answer after 20 s at the latest


@dataclass(frozen=True, slots=True)
class Trip:
    """From where to where, when, in which class."""

    pickup_branch: str
    return_branch: str
    pickup_at: datetime
    return_at: datetime
    car_class: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Status 0: the connection broke before an answer."""

    status: int
    body: dict[str, Any]
    replayed: bool = False

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


def next_monday(weeks_ahead: int) -> datetime:
    """Noon in UTC: 9 o'clock in São Paulo, when every branch is open."""
    today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 * weeks_ahead - today.weekday())


def random_trip(
    draw: Random, pickup: str, returns: list[str], car_class: str, *, weeks_ahead: int = 6
) -> Trip:
    """Within one fortnight and up to three days long, on odd minutes: most of them overlap."""
    start = next_monday(weeks_ahead) + timedelta(
        days=draw.choice((0, 1, 2, 3, 7, 8, 9, 10)), minutes=draw.randrange(0, 8 * 60, 5)
    )
    length = timedelta(hours=draw.randrange(2, 72), minutes=draw.randrange(0, 60, 5))
    end = start + length
    if not 9 <= end.hour <= 20:  # noqa: PLR2004 -- whole hours in UTC at which branches are open
        end = end.replace(hour=15) + timedelta(days=0 if end.hour < 9 else 1)  # noqa: PLR2004 -- an hour of the clock
    return Trip(pickup, draw.choice(returns), start, end, car_class)


def search_query(trip: Trip) -> dict[str, str]:
    return {
        "pickup_branch": trip.pickup_branch,
        "return_branch": trip.return_branch,
        "pickup_at": trip.pickup_at.isoformat(),
        "return_at": trip.return_at.isoformat(),
        "driver_age": "36",
    }


def rental_request(offer: str, card: str = "pm_card_visa", **changes: Any) -> dict[str, Any]:
    """The body of ``POST /api/rentals``; the driver is made up."""
    return {
        "offer": offer,
        "extras": [],
        "coverages": [],
        "driver": {
            "given_name": "Ana",
            "family_name": "Souza",
            "email": "ana.souza@example.com",
            "phone": "+55 11 91234-5678",
            "birth_date": "1990-05-17",
            "document": {"type": "cpf", "number": "529.982.247-25", "country": "BR"},
        },
        "payment": {"method": "card", "payment_method_id": card},
        "locale": "pt-BR",
        "accept_terms": True,
    } | changes


class Renters:
    """Calls the public API, with as many connections as are wanted at once."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(SECONDS)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def airports(self) -> list[str]:
        """Codes of the branches that are open every day."""
        async with self._session.get(f"{self._api}/branches") as answer:
            branches = (await answer.json())["branches"]
        return [each["code"] for each in branches if len(each["opening_hours"]) == 7]  # noqa: PLR2004 -- a week

    async def offers(self, trip: Trip) -> dict[str, str]:
        """The signed offers of a search, by class; sold out classes have none."""
        call = self._session.get(f"{self._api}/offers", params=search_query(trip))
        async with call as answer:
            found = await answer.json()
            if answer.status != 200:  # noqa: PLR2004 -- HTTP
                raise RuntimeError(f"the search for {trip} was refused: {found}")
        return {each["class"]: each["offer"] for each in found["offers"] if each.get("offer")}

    async def try_offers(self, trip: Trip) -> dict[str, str] | None:
        """None: nobody answered."""
        try:
            return await self.offers(trip)
        except (aiohttp.ClientError, TimeoutError, RuntimeError, ValueError):
            return None

    async def post(self, path: str, key: str, body: dict[str, Any], token: str = "") -> Reply:
        headers = {"Idempotency-Key": key}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return await self.send("POST", path, body, headers)

    async def send(
        self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]
    ) -> Reply:
        call = self._session.request(method, f"{self._api}{path}", json=body, headers=headers)
        try:
            async with call as answer:
                replayed = "Idempotent-Replayed" in answer.headers
                return Reply(answer.status, await answer.json(content_type=None) or {}, replayed)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return Reply(0, {})

    async def book(self, key: str, body: dict[str, Any]) -> Reply:
        return await self.post("/rentals", key, body)
