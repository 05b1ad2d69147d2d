"""Only the front door's header says who called; every other is whatever a client wrote."""

import pytest

from bff.service import seen_from
from shared.contracts.caller import Caller

HEADER = "x-azure-socketip"


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({HEADER: "203.0.113.7"}, "203.0.113.7"),
        ({HEADER: " 2001:DB8::1 "}, "2001:db8::1"),
        ({HEADER: "203.0.113.7, 198.51.100.9"}, None),
        ({HEADER: "somewhere"}, None),
        ({"x-forwarded-for": "203.0.113.7", "x-azure-clientip": "203.0.113.7"}, None),
        ({}, None),
    ],
)
def test_the_address_is_the_trusted_headers(
    environment: pytest.MonkeyPatch, headers: dict[str, str], address: str | None
) -> None:
    environment.setenv("CLIENT_ADDRESS_HEADER", HEADER)
    assert seen_from(Caller(subject="ana"), headers) == Caller(subject="ana", address=address)


@pytest.mark.usefixtures("environment")
def test_without_a_front_door_no_header_is_believed() -> None:
    assert seen_from(Caller(), {HEADER: "203.0.113.7"}) == Caller()


def test_the_address_travels_to_the_rental_in_the_callers_header() -> None:
    caller = Caller(address="203.0.113.7")
    assert Caller.from_header(caller.to_header()) == caller
