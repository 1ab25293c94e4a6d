"""Writes the exported code cells of a notebook's text as one module: export_cells.py TEXT > MODULE."""
import ast
import sys

with open(sys.argv[1], encoding="utf-8") as text:
    cells = text.read().split("\nIn [None]:\n")[1:]
for cell in cells:
    if "#| export\n" not in cell:
        continue
    lines = cell.splitlines()
    # What stands behind the code is prose: the longest beginning that is Python is the code.
    for end in range(len(lines), 0, -1):
        code = "\n".join(lines[:end]) + "\n"
        try:
            ast.parse(code)
        except SyntaxError:
            continue
        print(code)
        break
