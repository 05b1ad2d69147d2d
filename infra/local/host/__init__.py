"""The local Azure Functions host: `python -m infra.local.host --help`.

Microsoft's own host cannot be installed from PyPI or npm, so this package walks the app's
registered functions and drives their HTTP, queue and timer triggers with the real host's rules.
A product that works only under a kinder host is broken; `tests/functions` holds each rule.
"""
