"""Which tests a page names, and which of them there are not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {".git", ".podwork", "target", "node_modules", "bin"}

# What stands in backticks in the last column of a table, by the form of its name
GO = re.compile(r"^(Test|Fuzz)\w+$")
JAVA = re.compile(r"^([A-Z]\w+(?:Test|Contract))(?:\.(\w+))?$")
PYTHON = re.compile(r"^(test_\w+\.py)(?::(test_\w+))?$")
NODE = re.compile(r"^\w[\w-]*\.test\.mjs$")
VECTORS = re.compile(r"^(\w[\w-]*\.json)(?:: (.+))?$")


def named(page):
    """The names in the last column of the page's tables, each with the number of its line."""
    for number, line in enumerate(page.splitlines(), start=1):
        cells = re.split(r"(?<!\\)\|", line.strip())[1:-1]
        if cells and not set(line) <= set("|- "):
            for name in re.findall(r"`([^`]+)`", cells[-1]):
                yield number, name


class Tests:
    """The tests of a repository."""

    def __init__(self, root=ROOT):
        self.files = {}
        for path in root.rglob("*"):
            if path.is_file() and not SKIPPED & set(path.relative_to(root).parts):
                self.files.setdefault(path.name, []).append(path)
        functions = re.compile(r"^func ((?:Test|Fuzz)\w+)\(", re.M)
        self.go = {
            name
            for file, paths in self.files.items()
            if file.endswith("_test.go")
            for path in paths
            for name in functions.findall(path.read_text("utf-8"))
        }

    def has(self, name):
        if match := JAVA.match(name):
            return self.contains(match[1] + ".java", match[2] and rf"\bvoid {match[2]}\(")
        if match := PYTHON.match(name):
            return self.contains(match[1], match[2] and rf"def {match[2]}\(")
        if match := VECTORS.match(name):
            return self.contains(match[1], match[2] and re.escape(f'"{match[2]}"'))
        if GO.match(name):
            return name in self.go
        return bool(NODE.match(name)) and name in self.files

    def contains(self, file, pattern):
        return any(not pattern or re.search(pattern, path.read_text("utf-8")) for path in self.files.get(file, ()))


def missing(page, tests):
    """What is named and is not there, as lines for a person."""
    return [f"line {number}: there is no test {name}" for number, name in named(page) if not tests.has(name)]
