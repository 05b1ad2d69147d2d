"""``python -m infra.local.standins --config FILE.json``: every stand-in in one process.

The configuration is ``{"record": "path.jsonl" | null, "servers": [{"name": "stripe",
"port": 8801, "tls": null, "options": {…}}, …]}``. One JSON line on standard output says that all
are ready, and where: ``{"ready": true, "urls": {"stripe": "http://127.0.0.1:8801"}}``.
"""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from pydantic import ValidationError

from infra.local.standins.serving import Config, serve


def _say_ready(urls: dict[str, str]) -> None:
    print(json.dumps({"ready": True, "urls": urls}), flush=True)


async def _run(config: Config) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    await serve(config, stop, _say_ready)


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve the vendors' stand-ins.")
    parser.add_argument("--config", type=Path, required=True)
    path = parser.parse_args().config
    try:
        asyncio.run(_run(Config.model_validate_json(path.read_bytes())))
    except ValidationError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"The stand-ins cannot start: {error}. Is a port taken?", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
