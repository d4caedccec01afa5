"""Who may include whom: layers of ours, and libraries of others."""

import re

from tidying.tree import room_of

INCLUDE = re.compile(r'\s*#include ([<"])([^>"]+)')
SYSTEM = ("sys/", "netinet/", "linux/")


def check(tree, files, layers, third_party):
    for path in files:
        layer = room_of(path)
        if layer not in layers:
            continue
        for number, line in tree.lines(path):
            include = INCLUDE.match(line)
            if include and include.group(1) == '"':
                check_ours(tree, path, number, layers, include.group(2))
            elif include:
                check_third_party(tree, path, number, third_party, include.group(2))


def check_ours(tree, path, number, layers, target):
    layer, other = room_of(path), room_of(target)
    if target.startswith("tests/"):
        tree.error(path, number, f"{layer} may not include a test")
    elif other not in layers:
        tree.error(path, number, f'"{target}" belongs to no layer')
    elif layers[layer] is not None and other != layer and other not in layers[layer]:
        tree.error(path, number, f"{layer} may not know {other}")


def check_third_party(tree, path, number, third_party, target):
    for prefix, allowed in third_party.items():
        if target.startswith(prefix):
            if room_of(path) not in allowed:
                where = ", ".join(allowed) or "tests"
                tree.error(path, number, f"<{target}> is for {where} only")
            return
    if "/" in target and not target.startswith(SYSTEM):
        tree.error(path, number, f"<{target}> is a third-party header that scripts/tidy does not know")
