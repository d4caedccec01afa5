"""TypeScript modules as far as the checks need them: what they import and export; exports that nobody
imports, and members of interfaces that nobody reads."""

import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field

from tidying.tree import OURS

IMPORT = re.compile(r'\b(?:import|export)\s+(?:type\s+)?([^;"\']*?)\s*from\s*["\'](\.[^"\']+)["\']', re.S)
EXPORT = re.compile(r"^export\s+(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?"
                    r"(function|const|let|class|interface|type|enum)\*?\s+(\w+)", re.M)
INTERFACE = re.compile(r"\binterface (\w+)[^{]*\{(.*?)^\}", re.S | re.M)
MEMBER = re.compile(r"(?:^|[;{,(])\s*(?:readonly\s+)?(\w+)\??\s*:", re.M)
# A module that is written by a program has what its source has, wanted or not.
GENERATED = "// Generated "
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
        if tree.text(module.path).startswith(GENERATED):
            continue
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


def check_members(tree, modules):
    """By names: a member of which no other place of any module has the name."""
    words = Counter(word for module in modules for word in re.findall(r"\w+", module.text))
    declared = {}
    for module in modules:
        for interface in INTERFACE.finditer(module.text):
            for member in MEMBER.finditer(interface.group(2)):
                number = module.text.count("\n", 0, interface.start(2) + member.start(1)) + 1
                declared.setdefault(member.group(1), []).append((module.path, number, interface.group(1)))
    for name, places in declared.items():
        if words[name] == len(places):
            for path, number, interface in places:
                tree.error(path, number, f"nobody reads {interface}.{name}")
