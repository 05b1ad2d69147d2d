"""Benchmarks: ``run(options: list[str]) -> int`` in a module each; see ``dev.py bench --list``."""
