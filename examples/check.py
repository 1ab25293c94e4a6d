"""python3 check.py JOBS LOG: whether the Jobs NAME-in-FOLDER ended as FOLDER/expected.json says.

It has members of a Job's status, as `log` texts that the Job's log must have, and as `parts` such of its result.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent


def differences(expected, actual, path):
    """Where `actual` lacks something of `expected`; objects may have more members."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            yield from differences(value, actual.get(key), f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, value in enumerate(expected):
            yield from differences(value, actual[index], f"{path}[{index}]")
    elif expected != actual:
        yield f"{path} is {json.dumps(actual)}, not {json.dumps(expected)}"


def main():
    jobs = {job["metadata"]["name"]: job["status"] for job in json.loads(Path(sys.argv[1]).read_text("utf-8"))["items"]}
    log = Path(sys.argv[2]).read_text("utf-8").splitlines()
    folders = {path.parent.name for path in HERE.glob("*/worker.yaml")}
    problems = []
    for name, status in sorted(jobs.items()):
        folder = name.rpartition("-in-")[2]
        folders.discard(folder)
        expected = json.loads((HERE / folder / "expected.json").read_text("utf-8"))
        own = [line for line in log if f" {name} " in line]
        texts = expected.pop("log", []) + [f"> {part}" for part in expected.pop("parts", [])]
        problems += [
            f"{name}: nothing in its log has {text!r}" for text in texts if not any(text in line for line in own)
        ]
        problems += differences({"phase": "Succeeded", **expected}, status, name)
        print(f"{name}: {json.dumps(status.get('result'), ensure_ascii=False)}")
    problems += [f"{folder}: its worker.yaml has no Job that ran" for folder in folders]
    print("\n".join(problems) or f"all {len(jobs)} examples did what they should")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
