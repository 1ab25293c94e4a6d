"""Takes a price list in CSV apart: good lines are parts of the result, sent as they are read; the others are logged."""

import csv
import io
from decimal import Decimal, InvalidOperation
from typing import Any, Dict, Generator

from podwork import Job, RunContext


class BadHeader(ValueError):
    retriable = False  # the list is as wrong at the next try


def handler(job: Job, ctx: RunContext) -> Generator[Dict[str, Any], None, Dict[str, Any]]:
    text = job["data"]["csv"]
    rows = csv.DictReader(io.StringIO(text))
    if rows.fieldnames != ["article", "price"]:
        raise BadHeader(f"the first line must be article,price and is {text.partition(chr(10))[0]}")
    imported, rejected, lines = 0, [], len(text.splitlines())
    for row in rows:
        try:
            price = Decimal(row["price"] or "")
        except InvalidOperation:
            rejected.append(rows.line_num)
            ctx.logger.warn("no price", {"line": rows.line_num, "article": row["article"]})
        else:
            imported += 1
            yield {"article": row["article"], "price": str(price)}
        ctx.progress(100 * rows.line_num / lines, f"line {rows.line_num}")
    ctx.state.set("imported", imported)
    ctx.flow.emit("prices.imported", {"articles": imported})
    return {"imported": imported, "rejected": rejected}
