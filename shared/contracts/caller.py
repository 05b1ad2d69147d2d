"""Who asks: verified by the BFF, handed to RentProcess in one internal header.

RentProcess believes the header because only holders of the function key can send it (or because
it is called in process); the BFF drops whatever a client sends under that name.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from pydantic import BaseModel, ConfigDict, ValidationError

CALLER_HEADER = "x-rentacar-caller"


class Caller(BaseModel):
    """A guest has no subject and manages a rental by its token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str | None = None
    roles: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()
    manage_token: str | None = None
    address: str | None = None  # as the front door saw it; None: there is none to ask

    @property
    def scope(self) -> str:
        """Idempotency keys of different callers never meet; guests share the empty scope."""
        return self.subject or ""

    @property
    def actor(self) -> str:
        return self.subject or "guest"

    @property
    def is_operator(self) -> bool:
        return "operator" in self.roles

    @property
    def limited_to(self) -> list[str] | None:
        """The branches that an operator works for; None: every branch."""
        return sorted(self.branches) or None

    def serves(self, *branches: str) -> bool:
        """Whether one of these branches is the operator's."""
        return not self.branches or not self.branches.isdisjoint(branches)

    def to_header(self) -> str:
        return urlsafe_b64encode(self.model_dump_json(exclude_defaults=True).encode()).decode()

    @classmethod
    def from_header(cls, value: str | None) -> "Caller":
        """Read the header; without it the caller is a guest.

        Raises:
            ValueError: the header is not one that the BFF writes.
        """
        if not value:
            return cls()
        try:
            return cls.model_validate_json(urlsafe_b64decode(value.encode()))
        except (ValidationError, ValueError) as error:
            raise ValueError("the caller header is malformed") from error


GUEST = Caller()
