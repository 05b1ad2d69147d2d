"""Ask for the reminders that are due: the row that makes one unique commits with its e-mail."""

from datetime import datetime

from rent_process import outgoing
from rent_process.reminders import repository
from shared import outbox
from shared.contracts.messages import EmailTemplate
from shared.database import transaction
from shared.telemetry import event

BATCH = 100
TEMPLATE_OF = {
    "pickup": EmailTemplate.PICKUP_REMINDER,
    "return": EmailTemplate.RETURN_REMINDER,
    "overdue": EmailTemplate.RETURN_OVERDUE,
    "review": EmailTemplate.REVIEW_REQUEST,
}


async def remind(now: datetime) -> int:
    """Ask for every reminder that is due; returns how many.

    Raises:
        Unavailable: the database is down; what was not asked for is due again.
    """
    asked = 0
    while True:
        async with transaction("rent") as connection:
            due = await repository.claim_due(connection, now, BATCH)
            envelopes = [
                outgoing.email_requested(rental, TEMPLATE_OF[kind]) for rental, kind in due
            ]
            await outbox.write(connection, envelopes)
        outbox.relay("rent", envelopes)
        asked += len(due)
        if len(due) < BATCH:
            break
    if asked:
        event("reminders_asked", {"count": asked})
    return asked
