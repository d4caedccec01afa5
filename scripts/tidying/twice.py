"""Code that stands twice: the same six lines or more, comments, blank lines and layout aside."""

import re
from collections import defaultdict

from tidying.tree import OURS

SHORTEST = 6
COMMENT = re.compile(r"//.*")
# What any two files may share.
NO_CODE = re.compile(r"[{}()\[\];,]*$|#|import |namespace |using |public:|private:")


def check(tree):
    for length, path, line, other in find(tree):
        tree.error(path, line, f"{length} lines of code stand at {other}, too")


def find(tree):
    """(how many lines, path, line, the other place)"""
    code = {}
    for path in tree.select(OURS, (".cpp", ".hpp", ".ts")):
        lines = ((number, " ".join(COMMENT.sub("", line).split())) for number, line in tree.lines(path))
        code[path] = [(number, line) for number, line in lines if not NO_CODE.match(line)]
    places = defaultdict(list)
    for path, lines in code.items():
        for k in range(len(lines) - SHORTEST + 1):
            places[tuple(line for _, line in lines[k:k + SHORTEST])].append((path, k))
    pairs = {(a, b) for found in places.values() for i, a in enumerate(found) for b in found[i + 1:]
             if a[0] != b[0] or b[1] - a[1] >= SHORTEST}
    blocks = []
    for (path, k), (other, m) in pairs:
        if ((path, k - 1), (other, m - 1)) in pairs:
            continue
        length = SHORTEST
        while ((path, k + length - SHORTEST + 1), (other, m + length - SHORTEST + 1)) in pairs:
            length += 1
        blocks.append((length, other, code[other][m][0], f"{path}:{code[path][k][0]}"))
    return sorted(blocks, key=lambda b: b[1:])
