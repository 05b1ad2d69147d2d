"""The bodies of ``dev.py``'s commands, one module each: ``run(arguments) -> exit code``."""
