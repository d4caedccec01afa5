"""TypeScript modules as far as the checks need them: what they import and export, and exports that
nobody imports."""

import posixpath
import re
from dataclasses import dataclass, field

from tidying.tree import OURS

IMPORT = re.compile(r'\b(?:import|export)\s+(?:type\s+)?([^;"\']*?)\s*from\s*["\'](\.[^"\']+)["\']', re.S)
EXPORT = re.compile(r"^export\s+(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?"
                    r"(function|const|let|class|interface|type|enum)\*?\s+(\w+)", re.M)
COMMENT = re.compile(r"""(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|//[^\n]*|/\*.*?\*/""",
                     re.S)


@dataclass
class Module:
    path: str
    text: str
    imports: list = field(default_factory=list)  # (line, path, names); all names as `*`
    exports: list = field(default_factory=list)  # (line, kind, name)


def read_all(tree):
    paths = {p for p in tree.select(OURS, (".ts",)) if not p.endswith(".d.ts")}
    return [read(p, tree.text(p), paths) for p in sorted(paths)]


def read(path, text, paths):
    text = COMMENT.sub(lambda m: m.group("text") or re.sub(r"[^\n]", " ", m.group(0)), text)
    module = Module(path, text)
    for match in IMPORT.finditer(text):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match.group(2)))
        target = re.sub(r"(\.js|\.ts)?$", ".ts", target, count=1)
        if target in paths:
            names = set(re.findall(r"([\w*]+)(?:\s+as\s+\w+)?\s*(?=[,}]|$)", match.group(1)))
            module.imports.append((text.count("\n", 0, match.start()) + 1, target, names))
    for match in EXPORT.finditer(text):
        module.exports.append((text.count("\n", 0, match.start()) + 1, *match.groups()))
    return module


def check_exports(tree, modules, entries):
    """`entries`: other texts that import by name, such as tests of the bundle."""
    wanted = {}
    for module in modules:
        for _, target, names in module.imports:
            wanted.setdefault(target, set()).update(names)
    for module in modules:
        taken = wanted.get(module.path, set())
        for line, kind, name in module.exports:
            if name in taken or "*" in taken:
                continue
            if any(re.search(rf"\b{name}\b", text) for text in entries):
                tree.error(module.path, line, f"only tests use the {kind} {name}")
            elif len(re.findall(rf"\b{name}\b", module.text)) > 1:
                tree.error(module.path, line, f"nobody imports the {kind} {name}: do not export it")
            else:
                tree.error(module.path, line, f"nobody uses the {kind} {name}")
