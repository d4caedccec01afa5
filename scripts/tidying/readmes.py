"""Every folder says what it holds: each file stands in the README of its folder, once.

A file is listed by an item of a list or a row of a table that begins with its name in backticks; one
item may begin with several names, parted by commas or `and`:

    - `line.hpp`: work in a queue at a capacity that changes with the date.
    | `deflate`, `codec` | series as bytes |
    - `*_command.cpp`: one file for each subcommand.
    - `web/src/views/`: one view a file.

A name stands for a unit: `line`, `line.hpp` and `line.cpp` all mean line.hpp, line.cpp and those
line_*.cpp that have no header of their own. A pattern, or a folder, lists what is not listed by name.
The names of scripts may have arguments after them. Elsewhere in the text names are free.

What begins an item among units is a unit or a file, and is there. A file belongs to the nearest README
above it. Files that READMEs and comments name must be there.
"""

import fnmatch
import posixpath
import re

from tidying import circles
from tidying.tree import OURS, room_of, stem

ITEM = re.compile(r"\s*(?:- |\| *)((?:`[^`]+`(?:, | and )?)+)")
QUOTED = re.compile(r"`([^`]+)`")
UNIT = re.compile(r"[a-z_]+")  # as units are named, without an ending
NAMED = re.compile(r"(?<![\w./*{}-])(?:\.\./)*((?:[\w.-]+/)*[\w-]+\.(?:hpp|cpp|ts))\b")
COMMENT = re.compile(r"//.*")
ENDINGS = (".hpp", ".cpp", ".ts")
# Where a folder's README must list its files.
LISTED = (*OURS, "scripts/")


def check(tree, sources):
    check_folders(tree)
    wanted = {}
    for unit, path in units(tree, sources).items():
        readme = readme_of(path, tree.texts)
        if readme:
            wanted.setdefault(readme, {})[unit] = path
    for readme, units_here in wanted.items():
        check_listing(tree, readme, units_here)
    check_named(tree)


def check_folders(tree):
    """Folders at the top, and rooms, have a README."""
    folders = {room_of(p) for p in tree.paths if p.startswith(OURS) and room_of(p)}
    folders |= {p.split("/")[0] for p in tree.paths if "/" in p and not p.startswith(".")}
    for folder in sorted(folders):
        if f"{folder}/README.md" not in tree.texts:
            tree.error(f"{folder}/README.md", 1, "every folder says what it holds")


def readme_of(path, texts):
    folder = posixpath.dirname(path)
    while folder and f"{folder}/README.md" not in texts:
        folder = posixpath.dirname(folder)
    return f"{folder}/README.md" if folder else None


def units(tree, sources):
    """What READMEs must list: paths without endings, each with one of its files."""
    paths = {s.path for s in sources}
    found = {circles.unit_of(s, paths): s.path for s in sources if room_of(s.path)}
    found.update({stem(p): p for p in tree.select(OURS, (".ts",))})
    found.update({p: p for p in tree.select(("scripts/",), ("",)) if not p.endswith("README.md")})
    return found


def check_listing(tree, readme, units_here):
    folder = posixpath.dirname(readme)
    lines, patterns = {}, []
    unknown, among_units = [], False  # names of the present list or table
    for number, line in [*tree.lines(readme), (0, "")]:
        if not line.strip():
            for at, name in unknown if among_units else []:
                tree.error(readme, at, f"there is no `{name}` to list")
            unknown, among_units = [], False
        item = ITEM.match(line)
        for name in QUOTED.findall(item.group(1)) if item else []:
            path = posixpath.join(folder, name.split()[0])
            if path not in units_here and path.endswith(ENDINGS):
                path = stem(path)
            if path in units_here:
                lines.setdefault(path, []).append(number)
                among_units = True
            elif UNIT.fullmatch(name) and not any(p.startswith((f"{path}.", f"{path}/")) for p in tree.paths):
                unknown.append((number, name))
            elif path.endswith("/") or "*" in path:
                patterns.append(path + "*" if path.endswith("/") else path)
    for unit, path in sorted(units_here.items()):
        name = posixpath.relpath(unit, folder)
        if unit not in lines and not any(fnmatch.fnmatchcase(unit, p) for p in patterns):
            tree.error(path, 1, f"{readme} does not list it: no item or row begins with `{name}`")
        for number in lines.get(unit, [])[1:]:
            tree.error(readme, number, f"`{name}` is listed in line {lines[unit][0]}, too")


def check_named(tree):
    """What READMEs name in backticks, and comments anywhere, exists: by its path or the end of it."""
    ends = set()
    for path in tree.paths:
        parts = path.split("/")
        ends.update("/".join(parts[k:]) for k in range(len(parts)))
    for path in tree.select((*LISTED, "tests/"), (*ENDINGS, "README.md")):
        inside = QUOTED if path.endswith(".md") else COMMENT
        for number, line in tree.lines(path):
            for quoted in inside.findall(line):
                for name in NAMED.findall(quoted):
                    if name not in ends:
                        tree.error(path, number, f"there is no {name}")
