"""Hook ``predeploy`` of the pages: they answer only to our Front Door.

Its id differs by environment, so it is written into the built copy of staticwebapp.config.json and
not into the repository's. Without a Front Door (dev) the pages stay open.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

BUILT = Path(__file__).parents[2] / "web" / "dist" / "staticwebapp.config.json"


def restrict(configuration: dict[str, Any], front_door_id: str) -> dict[str, Any]:
    """Both are needed: the address range is that of everybody's Front Door, the id is ours."""
    return {
        **configuration,
        "networking": {"allowedIpRanges": ["AzureFrontDoor.Backend"]},
        "forwardingGateway": {"requiredHeaders": {"X-Azure-FDID": front_door_id}},
    }


def main(path: Path = BUILT) -> int:
    front_door_id = os.environ.get("FRONT_DOOR_ID", "").strip()
    if not front_door_id:
        print("no Front Door: the pages stay open")
        return 0
    if not path.exists():
        print("restrict_site: build the pages first (npm run build)", file=sys.stderr)
        return 1
    restricted = restrict(json.loads(path.read_text(encoding="utf-8")), front_door_id)
    path.write_text(json.dumps(restricted, indent=2) + "\n", encoding="utf-8")
    print("the pages answer to Front Door only")
    return 0


if __name__ == "__main__":
    sys.exit(main())
