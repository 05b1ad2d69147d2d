"""Stand-ins for the vendors that cannot run on this machine, all served by one process.

Each folder ``<name>/app.py`` is one vendor and has

- ``create_app(options, record) -> ASGIApp``: ``options`` come from the configuration plus
  ``base_url`` (where this server is reached); ``record`` writes one exchange that the stand-in
  started itself (a webhook), else recording needs no help;
- ``PROFILE``: a ``Profile`` (below) that says what is recorded, what is masked and how this vendor
  words a refusal.

Every stand-in answers ``/_control/faults`` (see ``faults``); ``POST /_control/reset`` clears the
faults and is then the app's own to answer. Control calls are never recorded.
"""
