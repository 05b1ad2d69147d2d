"""What two or more function folders need today: contracts, errors and the technical ports.

A closed list (docs/architecture.md). Nothing here owns a business verb.
"""
