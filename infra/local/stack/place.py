"""Where a stack of ``dev.py`` is: its ports and its data folder follow from the arguments."""

import argparse
from pathlib import Path

from infra.local.stack.parts import ROOT
from infra.local.stack.ports import Ports


def ports_of(port_base: int | None) -> Ports:
    return Ports() if port_base is None else Ports.counted_from(port_base)


def data_dir_of(arguments: argparse.Namespace) -> Path:
    chosen: Path | None = arguments.data_dir
    if chosen:
        return chosen.expanduser().resolve()
    base: int | None = arguments.port_base
    return ROOT / ".local" / ("up" if base is None else f"up-{base}")
