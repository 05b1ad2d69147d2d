"""What a defect leaves in the host's own log: the place and the kind of a fault, nobody's data."""

import traceback
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from rent_process.documents.domain import Person
from shared.contracts.renter import RentalList
from shared.database import ConstraintViolation, connect

EMAIL = "ana.souza@example.com"
INSERT = """
INSERT INTO rent.document_signature (document_id, full_name, sha256, accepted_at, actor)
VALUES (%(id)s, %(name)s, '', %(now)s, %(name)s)
"""


def logged(error: BaseException) -> str:
    """As the worker writes it, causes included."""
    return "".join(traceback.format_exception(error))


async def test_refused_row_is_not_told(market: str) -> None:
    values = {"id": uuid4(), "name": EMAIL, "now": datetime.now(UTC)}
    with pytest.raises(ConstraintViolation) as violation:
        async with connect("rent") as connection:
            await connection.execute(INSERT, values)
    assert violation.value.constraint == "document_signature_sha256_check"
    assert EMAIL not in logged(violation.value)


@pytest.mark.parametrize(
    ("model", "row"),
    [(RentalList, {"rentals": [{"driver": {"email": EMAIL}}]}), (Person, {"email": [EMAIL]})],
)
def test_row_that_is_not_as_it_should_be_is_not_told(model: Any, row: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as fault:
        model.model_validate(row)
    assert EMAIL not in logged(fault.value)
