"""``Idempotency-Key``: the first answer again, or a refusal.

https://docs.stripe.com/api/idempotent_requests

Nothing is kept of a request that failed validation (400), could not sign in (401), ran beside
another (409) or was one too many (429); 402 and 5xx are kept.
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from infra.local.standins.stripe.errors import StripeError, invalid

LONGEST = 255
NOT_KEPT = (400, 401, 409, 429)


@dataclass
class Answer:
    status: int
    text: str  # JSON, as it was then: the ledger goes on
    request_id: str
    replayed: bool = False


@dataclass
class Keys:
    """``first`` is what a key was first used for; an answer appears when it is there."""

    first: dict[str, tuple[str, str]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)

    def begin(self, key: str, path: str, body: str) -> Answer | None:
        """The answer to replay, or None: the request runs now and must ``end``.

        Raises:
            StripeError: the key is in use, or was used for something else.
        """
        if len(key) > LONGEST:
            raise invalid(f"Idempotency keys can be at most {LONGEST} characters.")
        if key not in self.first:
            self.first[key] = (path, body)
            return None
        first_path, first_body = self.first[key]
        if first_path != path:
            raise _mismatch(f"for the same endpoint they were first used for ('{first_path}')", key)
        if sorted(parse_qsl(first_body)) != sorted(parse_qsl(body)):
            raise _mismatch("with the same parameters they were first used with", key)
        if key not in self.answers:
            message = "There is currently another in-progress request using this Idempotent Key"
            raise StripeError(
                409,
                f"{message} (that probably means you submitted twice, and the other request is "
                f"still going through): {key}. Please try again later.",
                kind="idempotency_error",
                code="idempotency_key_in_use",
            )
        kept = self.answers[key]
        return Answer(kept.status, kept.text, kept.request_id, replayed=True)

    def end(self, key: str, answer: Answer) -> None:
        if answer.status in NOT_KEPT:
            del self.first[key]
        else:
            self.answers[key] = answer

    def clear(self) -> None:
        self.first.clear()
        self.answers.clear()


def _mismatch(rule: str, key: str) -> StripeError:
    return StripeError(
        400,
        f"Keys for idempotent requests can only be used {rule}. Try using a key other than "
        f"'{key}' if you meant to execute a different request.",
        kind="idempotency_error",
    )
