"""What crosses a boundary between function folders: HTTP models, queue messages, money."""
