"""Its calls over HTTP."""

import re
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from rent_process.requests import operator_of, uuid_of
from rent_process.vehicles import maintenance, service
from shared.contracts.fleet import (
    MaintenanceRequest,
    VehicleChange,
    VehicleRequest,
    VehiclesQuery,
)
from shared.errors import Rejected
from shared.http import answer, read_json, read_query

_PLATE = re.compile(r"[0-9A-Z]{5,8}")


async def get_vehicles(request: Request) -> Response:
    caller = operator_of(request)
    query = read_query(request, VehiclesQuery)
    return answer(await service.list_vehicles(query, caller, datetime.now(UTC)))


async def post_vehicle(request: Request) -> Response:
    caller = operator_of(request)
    wanted = await read_json(request, VehicleRequest)
    added = await service.add_vehicle(wanted, caller, datetime.now(UTC))
    return answer(added, HTTPStatus.CREATED)


async def put_vehicle(request: Request) -> Response:
    caller, plate = operator_of(request), plate_of(request)
    change = await read_json(request, VehicleChange)
    return answer(await service.change_vehicle(plate, change, caller, datetime.now(UTC)))


async def post_maintenance(request: Request) -> Response:
    caller, plate = operator_of(request), plate_of(request)
    wanted = await read_json(request, MaintenanceRequest)
    planned = await maintenance.plan(plate, wanted, caller, datetime.now(UTC))
    return answer(planned, HTTPStatus.CREATED)


async def delete_maintenance(request: Request) -> Response:
    caller, plate = operator_of(request), plate_of(request)
    return answer(await maintenance.end(plate, uuid_of(request, "id"), caller, datetime.now(UTC)))


def plate_of(request: Request) -> str:
    """Return the plate from the path.

    Raises:
        Rejected: ``not_found``: no plate looks like this.
    """
    plate = str(request.path_params["plate"]).upper()
    if not _PLATE.fullmatch(plate):
        raise Rejected("not_found", "there is no such car")
    return plate


_VEHICLE = "/operator/vehicles/{plate}"
ROUTES = (
    ("GET", "/operator/vehicles", get_vehicles),
    ("POST", "/operator/vehicles", post_vehicle),
    ("PUT", _VEHICLE, put_vehicle),
    ("POST", f"{_VEHICLE}/maintenance", post_maintenance),
    ("DELETE", f"{_VEHICLE}/maintenance/{{id}}", delete_maintenance),
)
