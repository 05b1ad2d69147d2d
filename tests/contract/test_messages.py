"""Messages on queues outlive a deployment: these golden files are never edited, only added to."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from shared.contracts.messages import (
    DOCUMENTS_REQUEST,
    EMAIL_REQUEST,
    PAYMENT_REQUEST,
    PAYMENT_RESULT,
    AnyMessage,
    Message,
)

GOLDEN = sorted((Path(__file__).parent / "messages").glob("*.json"))
READERS = (PAYMENT_REQUEST, PAYMENT_RESULT, EMAIL_REQUEST, DOCUMENTS_REQUEST)
# What the host copies over a trigger's metadata (design: functions-host, "Queue trigger").
METADATA = {"id", "dequeuecount", "expirationtime", "insertiontime", "nextvisibletime",
            "popreceipt", "queuetrigger", "sys", "data"}  # fmt: skip


def read(body: str) -> BaseModel:
    for reader in READERS:
        try:
            return reader.validate_json(body)
        except ValidationError:
            continue
    raise AssertionError("no reader takes this message")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_message_is_still_read_and_written_alike(path: Path) -> None:
    golden = json.loads(path.read_text(encoding="utf-8"))
    message = read(path.read_text(encoding="utf-8"))
    written = json.loads(message.model_dump_json(exclude_none=True))
    assert {name: written[name] for name in golden} == golden


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_reader_ignores_what_it_does_not_know(path: Path) -> None:
    newer = json.loads(path.read_text(encoding="utf-8")) | {"added_later": [1, 2]}
    assert read(json.dumps(newer)) == read(path.read_text(encoding="utf-8"))


def test_every_message_has_a_golden_file() -> None:
    types = {model.model_fields["type"].default for model in get_args(AnyMessage)}
    assert types == {path.stem for path in GOLDEN}


@pytest.mark.parametrize("model", get_args(AnyMessage), ids=lambda model: model.__name__)
def test_no_field_overwrites_trigger_metadata(model: type[Message]) -> None:
    assert not {name.lower() for name in model.model_fields} & METADATA


@pytest.mark.parametrize("model", get_args(AnyMessage), ids=lambda model: model.__name__)
def test_no_field_holds_personal_data(model: type[Message]) -> None:
    personal = {"name", "email", "phone", "document", "address", "birth_date", "driver"}
    assert not model.model_fields.keys() & personal


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b'{"type":"payment_requested.v9"}', b"\xff\xfe"]
)
def test_bad_message_is_refused_by_every_reader(body: Any) -> None:
    for reader in READERS:
        with pytest.raises(ValidationError):
            reader.validate_json(body)
