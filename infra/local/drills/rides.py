"""One rental's drive through a flow, and what is known of it for the table and the judge."""

from dataclasses import dataclass
from uuid import UUID

import aiohttp

from infra.local.drills.later_flows import LATER
from infra.local.drills.payment_flows import PREPAID, Flow
from infra.local.drills.renting import Booked, Over, Purse, Stuck, Town

FLOWS: dict[str, Flow] = PREPAID | LATER


@dataclass(frozen=True, slots=True)
class Ride:
    flow: str
    fault: str
    reference: str
    purse: Purse
    problem: str = ""
    went_as_meant: bool = True


async def ride(town: Town, flow: str, fault: str) -> Ride:
    rental = Booked(town, str(UUID(int=town.draw.getrandbits(128))))
    problem, meant = "", False
    try:
        await FLOWS[flow].drive(rental)
        end = (await rental.until_decided()).rental_status
        meant = end == FLOWS[flow].end and not rental.strayed
    except Over:
        pass
    except (Stuck, aiohttp.ClientError, TimeoutError) as error:
        problem = str(error) or type(error).__name__
    return Ride(flow, fault, rental.reference, rental.purse, problem, meant)
