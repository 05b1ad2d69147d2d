"""The golden message is what was once on a queue: it is read for ever, and never edited."""

import json
from pathlib import Path

from shared.contracts.messages import EMAIL_REQUEST

GOLDEN = Path(__file__).with_name("email_requested.v1.json")
# The host copies top-level keys over the trigger's metadata, whatever their case.
METADATA = {
    "dequeuecount",
    "expirationtime",
    "id",
    "insertiontime",
    "nextvisibletime",
    "popreceipt",
    "queuetrigger",
    "sys",
}


def test_golden_message_is_read_and_unknown_fields_are_ignored() -> None:
    message = EMAIL_REQUEST.validate_json(GOLDEN.read_text("utf-8"))
    expected = json.loads(GOLDEN.read_text("utf-8"))
    del expected["added_by_a_later_producer"]
    assert expected.items() <= message.model_dump(mode="json").items()


def test_no_field_is_named_like_the_triggers_metadata() -> None:
    fields = EMAIL_REQUEST.json_schema()["properties"]
    assert not METADATA & {name.lower() for name in fields}
