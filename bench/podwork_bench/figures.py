"""Percentiles, and the tables that are printed."""

from .writes import total


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary(values):
    return {"p50": percentile(values, 0.5), "p90": percentile(values, 0.9), "p99": percentile(values, 0.99), "n": len(values)}


def table(rows):
    """Rows of text cells, the first one the heading, as Markdown."""
    lines = ["| " + " | ".join(rows[0]) + " |", "| " + " | ".join("---" for _ in rows[0]) + " |"]
    lines += ["| " + " | ".join(row) + " |" for row in rows[1:]]
    return "\n".join(lines)


def milliseconds(figures):
    return [f"{figures[p] * 1000:.3g} ms" for p in ("p50", "p90", "p99")]


def times(figures):
    """A table of named summaries; the last column compares each with the first at p50."""
    first = next(iter(figures.values()))["p50"]
    rows = [["", "p50", "p90", "p99", "times the first, at p50"]]
    rows += [[name, *milliseconds(it), f"{it['p50'] / first:.2f}"] for name, it in figures.items()]
    return table(rows)


def writes(figures, at_least=0):
    """What is rarer than at_least has no row of its own, but counts in the totals."""
    kinds = list(figures)
    calls = sorted({call for kind in kinds for call, often in figures[kind].items() if often >= at_least})
    rows = [["per job", *kinds]] + [[c, *(str(figures[k].get(c, 0)) for k in kinds)] for c in calls]
    for title, events in (("all but Events", False), ("Events", True)):
        rows.append([title, *(f"{total(figures[k], events):.2f}" for k in kinds)])
    return table(rows)


def throughput(figures):
    """Rate and CPU time, each kind beside the bare pods, and then the writes."""
    kinds = list(figures)
    rates = {kind: it["jobs"] / it["seconds"] for kind, it in figures.items()}
    rows = [["", *kinds]]
    rows.append(["jobs a second", *(f"{rates[k]:.1f}" for k in kinds)])
    rows.append([f"to the first, {kinds[0]}", *(f"{rates[k] / rates[kinds[0]]:.0%}" for k in kinds)])
    for what in figures[kinds[0]]["cpu"]:
        rows.append([f"CPU a job: {what}", *(f"{figures[k]['cpu'][what] * 1000:.1f} ms" for k in kinds)])
    return table(rows) + "\n\n" + writes({kind: it["writes"] for kind, it in figures.items()}, at_least=0.05)
