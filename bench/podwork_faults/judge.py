"""What was lost or doubled: what the API server showed, held against what the workers said outside."""


def judge(names, ended, records):
    """Counts, and a line for each thing that is wrong.

    ended: name -> [(time seen, status)], one for each different terminal status that was ever seen
    records: {"job", "attempt", "event": begin or end, "at"} of the workers
    """
    said = {name: [] for name in names}
    for record in records:
        if record["job"] in said:
            said[record["job"]].append(record)
    counts = {key: 0 for key in ("jobs", "lost", "doubled results", "doubled emits", "stuck", "retried", "ran twice")}
    counts["jobs"], counts["longest delay"] = len(names), 0.0
    wrong = []

    def count(key, name, why):
        counts[key] += 1
        wrong.append(f"{name}: {key}: {why}")

    for name in names:
        ends = ended.get(name, [])
        finished = {it["attempt"]: it["at"] for it in said[name] if it["event"] == "end"}
        counts["retried"] += len({it["attempt"] for it in said[name]}) > 1
        counts["ran twice"] += len(finished) > 1
        if not ends:
            count("stuck", name, "it never ended")
            continue
        if len(ends) > 1:
            count("doubled results", name, f"it ended {len(ends)} times: {[status.get('phase') for _, status in ends]}")
        seen, status = ends[0]
        attempt = (status.get("result") or {}).get("attempt")
        if status.get("phase") != "Succeeded":
            count("lost", name, f"{status.get('phase')}: {status.get('message')}")
        elif attempt not in finished:
            count("lost", name, f"the result is of attempt {attempt}; finished were {sorted(finished)}")
        else:
            counts["longest delay"] = max(counts["longest delay"], seen - finished[attempt])
            emits = emitted(status)
            if sorted(emits) != sorted([("began", attempt), ("finished", attempt)]):
                key = "doubled emits" if len(emits) > 2 else "lost"
                count(key, name, f"emits {emits} of attempt {attempt}")
    return counts, wrong


def emitted(status):
    return [
        (emit.get("name"), (emit.get("payload") or {}).get("attempt"))
        for attempt in status.get("attempts", [])
        for emit in attempt.get("emits", [])
    ]
