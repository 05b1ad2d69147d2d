"""The local stack as a library: start the parts that a test, drill or demo needs, stop them all.

::

    with Stack(parts={"postgres", "queue"}) as stack:   # free ports, a data folder of its own
        connect(stack.database_url)
"""
