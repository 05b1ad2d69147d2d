"""Every secret that signs, checks or pays is rotated in the vault while renters book and look.

The steps are those of docs/operations/secrets.md: the new key before the old one, then the new
one alone. Offers, links and webhooks that were signed before must go on in between.
"""

import argparse
import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import aiohttp
from azure.core.credentials import AccessToken
from azure.keyvault.secrets import SecretClient

from infra.local.drills.judge import Judge
from infra.local.drills.verdict import Verdict
from infra.local.load.renters import Renters, random_trip, rental_request
from infra.local.stack.stack import Stack
from infra.local.standins import tokens
from infra.local.standins.keyvault.answers import AUDIENCE

CACHE_SECONDS = 2
TAKEN_SECONDS = 4 * CACHE_SECONDS  # after which every process has asked the vault again
PAUSE_SECONDS = 0.2
PATIENCE_SECONDS = 60.0
ACCEPTED, OK, REFUSED = 202, 200, 401


class Vault:
    """Key Vault through Microsoft's SDK, as an operator."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._client = SecretClient(
            stack.environment["KEY_VAULT_URL"],
            self,
            connection_verify=stack.environment["KEY_VAULT_CA_FILE"],
            verify_challenge_resource=False,
        )

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return AccessToken(*tokens.issue(AUDIENCE, key=self._stack.secrets["token-key"]))

    def get(self, name: str) -> str:
        return str(self._client.get_secret(name).value)

    def set(self, name: str, value: str) -> None:
        self._client.set_secret(name, value)


class Renting:
    """Renters who book and look at their rentals without a pause; every answer is counted."""

    def __init__(self, client: Renters, api: str, branches: list[str], seed: int) -> None:
        self._client, self._api, self._branches = client, api, branches
        self._draw = Random(seed)  # noqa: S311 -- repeatable, no secrets
        self.answers = Counter[str]()
        self.links: list[tuple[str, str]] = []  # reference and manage token

    async def find_offer(self) -> str:
        branch = self._draw.choice(self._branches)
        weeks = self._draw.randrange(2, 40)
        trip = random_trip(self._draw, branch, [branch], "", weeks_ahead=weeks)
        return next(iter((await self._client.offers(trip)).values()))

    async def book(self, offer: str) -> str:
        """What came of it: ``accepted`` or the code of the refusal."""
        reply = await self._client.book(str(uuid4()), rental_request(offer))
        if reply.status == ACCEPTED:
            self.links.append((reply.body["reference"], reply.body["manage_token"]))
            return "accepted"
        return reply.code or f"HTTP {reply.status}"

    async def look(self, link: tuple[str, str]) -> int:
        reference, token = link
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self._api}/rentals/{reference}"
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
            return answer.status

    async def go_on(self) -> None:
        while True:
            self.answers[await self.book(await self.find_offer())] += 1
            self.answers[f"look {await self.look(self._draw.choice(self.links))}"] += 1
            await asyncio.sleep(PAUSE_SECONDS)


def run(options: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py drill rotate", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(options)
    with Stack(environment={"SECRET_CACHE_SECONDS": str(CACHE_SECONDS)}) as stack:
        verdict = Verdict("rotate: secrets replaced under load")
        asyncio.run(_drill(stack, verdict, wanted.seed))
        return verdict.close()


async def _drill(stack: Stack, verdict: Verdict, seed: int) -> None:
    vault, api = Vault(stack), stack.addresses.api
    async with Renters(api) as client:
        renting = Renting(client, api, await client.airports(), seed)
        held = [await renting.find_offer() for _ in range(4)]
        await renting.book(held.pop())
        first_link = renting.links[0]
        load = asyncio.create_task(renting.go_on())
        olds = {n: vault.get(n) for n in ("offer-signing-key", "manage-token-key")}
        for name, old in olds.items():
            vault.set(name, f"{secrets.token_hex(32)} {old}")
        await _roll_vendors(stack, vault)
        await asyncio.sleep(TAKEN_SECONDS)
        verdict.require("offer of before, booked", await renting.book(held.pop()), "accepted")
        verdict.require("link of before, status", await renting.look(first_link), OK)
        load.cancel()
        await asyncio.gather(load, return_exceptions=True)
        for name in olds:
            vault.set(name, vault.get(name).split()[0])
        await asyncio.sleep(TAKEN_SECONDS)
        verdict.require(
            "the same when the old key is gone", await renting.book(held.pop()), "offer_invalid"
        )
        verdict.require("the link then, status", await renting.look(first_link), REFUSED)
        verdict.require("a link of after, status", await renting.look(renting.links[-1]), OK)
    answers = renting.answers
    verdict.note("bookings accepted under load", answers.pop("accepted", 0))
    verdict.note("rentals looked at under load", answers.pop(f"look {OK}", 0))
    verdict.require("anything else", dict(answers), {})
    _judge_stripe(stack, verdict)
    await _judge_emails(stack, verdict)


async def _roll_vendors(stack: Stack, vault: Vault) -> None:
    """A vendor's key is accepted before it is used and revoked after; the webhook's as above."""
    stripe, sendgrid = stack.addresses.stripe, stack.addresses.sendgrid
    old_key, new_key = vault.get("stripe-api-key"), f"sk_test_{secrets.token_hex(24)}"
    old_mail, new_mail = vault.get("sendgrid-api-key"), f"SG.{secrets.token_urlsafe(32)}"
    old_hook, new_hook = vault.get("stripe-webhook-secret"), f"whsec_{secrets.token_hex(24)}"
    _control(stripe, {"api_keys": [old_key, new_key]})
    _control(sendgrid, {"api_keys": [old_mail, new_mail]})
    vault.set("stripe-api-key", new_key)
    vault.set("sendgrid-api-key", new_mail)
    vault.set("stripe-webhook-secret", f"{new_hook} {old_hook}")
    await asyncio.sleep(TAKEN_SECONDS)
    _control(stripe, {"api_keys": [new_key], "webhook_secret": new_hook})
    _control(sendgrid, {"api_keys": [new_mail]})


def _control(vendor: str, body: dict[str, Any]) -> None:
    call = Request(  # noqa: S310 -- our own stack on 127.0.0.1
        f"{vendor}/_control/keys", data=json.dumps(body).encode()
    )
    urlopen(call, timeout=10).close()  # noqa: S310 -- likewise


async def _judge_emails(stack: Stack, verdict: Verdict) -> None:
    """Sent by the first try: a refused key would come back from the queue after its lease."""
    with Judge(stack.database_url) as judge:
        for _ in range(int(PATIENCE_SECONDS / PAUSE_SECONDS)):
            if not judge.ask("open_emails") and not judge.ask("waiting_messages"):
                break
            await asyncio.sleep(PAUSE_SECONDS)
        verdict.require("e-mails that were not sent", judge.ask("open_emails"), 0)
        verdict.note("e-mails sent", judge.ask("sent_emails"))


def _judge_stripe(stack: Stack, verdict: Verdict) -> None:
    url = f"{stack.addresses.stripe}/_control/webhooks"
    with urlopen(url, timeout=10) as answer:  # noqa: S310 -- our own stack on 127.0.0.1
        webhooks = json.load(answer)
    verdict.note("webhooks delivered", webhooks["delivered"])
    verdict.require("webhooks given up", webhooks["failed"], 0)
