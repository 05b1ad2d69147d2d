"""What a timer did last and does next, kept per host so that downtime is noticed."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class ScheduleStatus:
    """Moments are aware UTC; `last_at` is None until the first run."""

    last_at: datetime | None
    next_at: datetime
    updated_at: datetime


class StateFile:
    """One timer's file in the state folder."""

    def __init__(self, folder: Path, function_name: str) -> None:
        self._path = folder / "timers" / f"{function_name}.json"

    def read(self) -> ScheduleStatus | None:
        """The recorded status; None for a new timer or a damaged file."""
        try:
            record = json.loads(self._path.read_text(encoding="utf-8"))
            return ScheduleStatus(
                last_at=datetime.fromisoformat(record["last"]) if record["last"] else None,
                next_at=datetime.fromisoformat(record["next"]),
                updated_at=datetime.fromisoformat(record["updated"]),
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def write(self, status: ScheduleStatus) -> None:
        """Replace the file in one step: a crash leaves the old or the new one."""
        record = {
            "last": status.last_at.isoformat() if status.last_at else None,
            "next": status.next_at.isoformat(),
            "updated": status.updated_at.isoformat(),
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(record), encoding="utf-8")
        temporary.replace(self._path)
