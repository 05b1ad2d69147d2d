"""Traffic for drills and benchmarks: what renters send, and what sends it."""
