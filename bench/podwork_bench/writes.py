"""API writes per job, from two readings of the API server's own counters."""

# Leases and node heartbeats are the cluster's own; the reviews are read-only questions.
NOT_OF_JOBS = ("leases", "nodes", "subjectaccessreviews", "tokenreviews")


def per_job(before, after, count):
    """Writes by verb and resource."""
    grown = {key: (after[key] - before.get(key, 0)) / count for key in after if after[key] > before.get(key, 0)}
    return {" ".join(filter(None, key)): round(n, 2) for key, n in sorted(grown.items()) if key[2] not in NOT_OF_JOBS}


def total(writes, events):
    """All Events' writes, or all others."""
    return sum(n for call, n in writes.items() if (" events" in call) == events)
