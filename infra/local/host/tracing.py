"""W3C trace context: the invocation continues the caller's trace with a span of its own."""

import re
import secrets

_TRACEPARENT = re.compile(
    r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})"
)


def continue_trace(traceparent: str | None) -> str:
    """Same trace id, new span id; a new trace when the header is missing or malformed."""
    match = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    trace_id, flags = match.groups() if match else (secrets.token_hex(16), "01")
    return f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"
