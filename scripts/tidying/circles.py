"""Units that know each other in a circle, and headers that nobody includes.

A unit is a header with its sources: `x.hpp`, `x.cpp`, and any `x_*.cpp` without a header of its own
that includes `x.hpp`.
"""

import posixpath

from tidying.tree import stem


def unit_of(source, paths):
    """The path without ending under which a file's unit is known."""
    name = stem(source.path)
    if f"{name}.hpp" in paths:
        return name
    owners = [stem(target) for _, target in source.includes
              if target in paths and name.startswith(stem(target) + "_")]
    return max(owners, key=len, default=name)


def check_cpp(tree, sources):
    paths = {s.path for s in sources}
    units = {s.path: unit_of(s, paths) for s in sources}
    edges, included_by = {}, {}
    for source in sources:
        for line, target in source.includes:
            if target not in units:
                continue
            included_by.setdefault(target, set()).add(units[source.path])
            if units[target] != units[source.path]:
                edges.setdefault(units[source.path], {}).setdefault(units[target], (source.path, line))
    report(tree, edges)
    for path in sorted(p for p in paths if p.endswith(".hpp")):
        if not included_by.get(path, set()) - {units[path]}:
            tree.error(path, 1, "nobody includes this header but its own sources")


def check_modules(tree, modules):
    """The same for TypeScript, where a unit is a file."""
    edges = {}
    for module in modules:
        for line, target, _ in module.imports:
            if target != module.path:
                edges.setdefault(module.path, {}).setdefault(target, (module.path, line))
    report(tree, edges)


def report(tree, edges):
    """One error for each set of units that all reach each other: the shortest circle in it."""
    for members in components(edges):
        circle = shortest_circle(members, edges)
        path, line = edges[circle[0]][circle[1]]
        names = " -> ".join(posixpath.basename(m) for m in [*circle, circle[0]])
        others = sorted(posixpath.basename(m) for m in members - set(circle))
        more = f"; in circles with them: {', '.join(others)}" if others else ""
        tree.error(path, line, f"a circle of units: {names}{more}")


def components(edges):
    """Sets of at least two nodes that all reach each other (Tarjan 1972), without recursion."""
    index, low, stack, on_stack, found = {}, {}, [], set(), []
    for root in sorted(edges):
        if root in index:
            continue
        work = [(root, iter(sorted(edges.get(root, ()))))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(sorted(edges.get(other, ())))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    members = set()
                    while node not in members:
                        members.add(stack.pop())
                    on_stack -= members
                    if len(members) > 1:
                        found.append(members)
    return found


def shortest_circle(members, edges):
    best = None
    for start in sorted(members):
        paths, seen = [[start]], {start}
        while paths and best is None or paths and len(paths[0]) < len(best):
            path = paths.pop(0)
            for other in sorted(edges[path[-1]]):
                if other == start:
                    best = path
                    paths = []
                    break
                if other in members and other not in seen:
                    seen.add(other)
                    paths.append([*path, other])
    return best
