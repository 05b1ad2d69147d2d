"""Drills: ``run(options: list[str]) -> int`` in a module each; see ``dev.py drill --list``."""
