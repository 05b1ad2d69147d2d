"""The booking statement in pgbench: what PostgreSQL alone makes of it."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg import ClientCursor

from infra.local.bench.traffic import Load, stored
from infra.local.stack.postgres_binaries import find_binaries
from rent_process.booking.repository import QUERIES

SEQUENCE = "rent.bench_reference"
# What differs from one booking to the next, as SQL; the rest stands as constants.
FROM_HOUR, TO_HOUR = "CAST(:from_hour AS integer)", "CAST(:to_hour AS integer)"
VARYING = {
    "rental_id": "gen_random_uuid()",
    "reference": f"lpad(upper(to_hex(nextval('{SEQUENCE}'))), 8, '0')",
    "idempotency_key": "gen_random_uuid()::text",
    "message_ids": "ARRAY[gen_random_uuid()]",
    "from_hour": FROM_HOUR,
    "to_hour": TO_HOUR,
    "pickup_at": f"to_timestamp({FROM_HOUR} * 3600)",
    "return_at": f"to_timestamp(({TO_HOUR} - 1) * 3600)",
    "expires_at": "now() + interval '15 minutes'",
}


CONSTANT: dict[str, Any] = {
    "status": "PENDING",
    "try_subjects": [],
    "try_ends": [],
    "try_maxima": [],
    "idempotency_scope": "",
    "request_hash": bytes(32),
    "subject": None,
    "extras": "[]",
    "coverages": "[]",
    "payment_method": "card",
    "attempt": 1,
    "actor": "guest",
    "events": ["BOOKED", "PAYMENT_REQUESTED"],
    "queues": ["payment-requests"],
    "bodies": ["x" * 420],
    "lease_seconds": 30,
}


def find_pgbench() -> str | None:
    """Beside the server's programs, else on the machine."""
    beside = Path(find_binaries(readable_by_all=False).path("pgbench"))
    return str(beside) if beside.exists() else shutil.which("pgbench")


def bookings_per_second(
    program: str, database_url: str, rent_url: str, load: Load, *, clients: int, bookings: int
) -> float:
    """Run ``bookings`` in all, over ``clients`` connections of the role that the functions use."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE SEQUENCE IF NOT EXISTS {SEQUENCE} START 268435456")
        connection.execute(f"GRANT USAGE ON SEQUENCE {SEQUENCE} TO rent")
        script = _script(connection, load)
    command = [program, "-n", "-M", "prepared", "-c", str(clients), "-j", "1"]
    command += ["-t", str(bookings // clients), "-f", "-", rent_url]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([0-9.]+) \(without initial", done.stdout)
    if found is None:
        raise RuntimeError(f"pgbench said no rate:\n{done.stdout}{done.stderr}")
    return float(found[1])


def _script(connection: "psycopg.Connection[Any]", load: Load) -> str:
    """Draw a place and a period anew for each booking; everything else is a constant."""
    places = sorted({(each["pickup_branch"], each["class_code"]) for each in load.terms})
    hours = [each["from_hour"] for each in load.terms]
    varying = VARYING | {
        name: f"(ARRAY[{', '.join(repr(place[position]) for place in places)}])[:place]"
        for name, position in (("pickup_branch", 0), ("return_branch", 0), ("class_code", 1))
    }
    marks = {name: f"\x01{name}\x02" for name in varying}
    text: Any = QUERIES["book"].replace(")b::", ")s::")  # constants are text, not binary
    for name, mark in marks.items():
        text = text.replace(f"%({name})s", mark)
    text = ClientCursor(connection).mogrify(text, stored(load.terms[0]) | CONSTANT)
    text = re.sub(r"(?<=[a-z]):(?=[a-z])", " : ", text)  # an array slice, no variable of pgbench's
    for name, mark in marks.items():
        text = text.replace(mark, varying[name])
    return (
        f"\\set place random(1, {len(places)})\n"
        f"\\set from_hour random({min(hours)}, {max(hours)})\n"
        f"\\set to_hour :from_hour + random(4, 76)\n{text};\n"
    )
