"""Lives told on purpose: one for every transition that is documented, and for what chance misses."""

from tests.integration.whole_life.fleet import PLACES, Place
from tests.integration.whole_life.operators import add_car, overbook
from tests.integration.whole_life.world import World

FLEET: dict[Place, int] = dict(zip(PLACES, (3, 2, 2, 1), strict=True))


def open_company(world: World) -> None:
    for place, cars in FLEET.items():
        for _ in range(cars):
            add_car(world, place)
    overbook(world, PLACES[0], 40)
