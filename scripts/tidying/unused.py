"""Functions that nobody calls, members that nobody reads, types and constants that nobody names.

Who means what is told by names, and by who can see whom:
- a function is called by its name, without `.` or `->` before it;
- a method by `.name`, `->name`, `Class::name`, or its bare name in its class or one derived from it;
- only by files that include its header, on however long a way; templates may call anything;
- not by itself, nor by what is never called either; and not where a local variable has its name;
- not by tests: what only tests need is not part of the program.
A member is read where it is used but for plain assignments, initialisers and its own `fields()`.

So what is dead may hide behind a living thing of its name that the same files see, and overloads are
not told apart; what is found is dead. Left out: operators, constructors, what overrides something,
specialisations of others' templates.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from tidying import cpp

# Asked for by the language or by libraries, not by us.
GIVEN = {"main", "begin", "end", "fields", "what", "format_as", "is_transparent"}
# Keys of files that are there for who reads the file.
FOR_READERS = {"remark", "description"}
# Where `fields()` says what is written, not what is read.
WRITTEN = ("models/report/",)
# Declared so, a function is called by others than those who name it.
CALLED_UNNAMED = {"operator", "override", "delete"}
# What a type may end with, before the name of a variable.
TYPE_ENDS = {"auto", ">", "const", "bool", "int", "double", "float", "char", "long", "unsigned"}


def check(tree, sources, tests):
    program = Program(sources)
    tested = set()
    for text in tests:
        tested.update(re.findall(r"\w+", text))
    for verb, ending, dead in (("call", "()", program.never_called()),
                               ("read", "", program.never_read()),
                               ("name", "", program.never_named())):
        for first in sorted((t.first for t in dead), key=lambda d: (d.path, d.line)):
            who = f"only tests {verb}" if first.name in tested else f"nobody {verb}s"
            tree.error(first.path, first.line,
                       f"{who} {'::'.join([*first.classes, first.name])}{ending}")


class Target:
    """All declarations of one name in one scope."""

    def __init__(self, first):
        self.first = first
        self.declarations = []

    def words(self):
        return set().union(*(d.words for d in self.declarations))


@dataclass(slots=True)
class Use:
    """One place where a name stands that is not its declaration."""
    path: str
    how: str  # `.` of an object, `::` behind a class, or bare
    qualifier: str  # the class, if it is one
    caller: cpp.Declaration  # the function around it, or none
    classes: tuple  # around it
    template: bool  # within a template
    written: bool  # the place sets it and does not ask what it is
    announced: bool  # `class X;`, or `X::` of something that is defined there


class Program:
    def __init__(self, sources):
        self.sources = {s.path: s for s in sources}
        self.sees = self.includes()
        self.in_macros = set().union(*(s.in_macros for s in sources))
        self.bases = defaultdict(set)
        self.targets = {}
        self.target_of = {}  # by declaration
        for source in sources:
            for declaration in source.declarations:
                if declaration.kind == "type":
                    self.bases[declaration.name].update(declaration.bases)
                self.add_target(declaration)
        self.by_name = defaultdict(list)
        for target in self.targets.values():
            self.by_name[target.first.name].append(target)
        self.in_words = set()  # enums that a reader sets by words of a file
        self.uses = defaultdict(list)
        self.bound = set()  # names of structured bindings, which may read members of these names
        for source in sources:
            self.find_uses(source)

    def includes(self):
        """The files that each file sees, itself included."""
        sees = {}
        for path in self.sources:
            found, todo = {path}, [path]
            while todo:
                for _, target in self.sources[todo.pop()].includes:
                    if target in sees:
                        found |= sees[target]
                    elif target in self.sources and target not in found:
                        found.add(target)
                        todo.append(target)
            sees[path] = found
        return sees

    def add_target(self, declaration):
        scope = declaration.classes
        if declaration.kind == "method":
            scope = scope[-1:]  # a definition may name less than all classes around it
        elif declaration.private_to_file:
            scope = (declaration.path, *scope)
        key = (declaration.kind, *scope, declaration.name)
        target = self.targets.setdefault(key, Target(declaration))
        if declaration.path.endswith(".hpp") and target.first.path.endswith(".cpp"):
            target.first = declaration
        target.declarations.append(declaration)
        self.target_of[id(declaration)] = target

    def find_uses(self, source):
        tokens = source.tokens
        declared = {d.token for d in source.declarations}
        scopes = sorted((d for d in source.declarations if d.end > d.begin >= 0 and
                         d.kind in ("function", "method", "type")), key=lambda d: (d.begin, -d.end))
        around, following, locals_of = [], 0, {}
        for i, token in enumerate(tokens):
            while around and around[-1].end < i:
                around.pop()
            while following < len(scopes) and scopes[following].begin <= i:
                around.append(scopes[following])
                following += 1
            if token == "auto":
                self.bound.update(bound_names(tokens, i))
            elif token == "Words" and tokens[i + 1] == "<":
                self.in_words.update(tokens[i + 2:tokens.index(">", i)])
            if token not in self.by_name or i in declared:
                continue
            caller = next((s for s in reversed(around) if s.kind != "type"), None)
            use = use_of(source, i, around, caller)
            if use.how == "bare" and caller is not None:
                if id(caller) not in locals_of:
                    locals_of[id(caller)] = local_names(tokens, caller)
                if token in locals_of[id(caller)]:
                    continue
            self.uses[token].append(use)

    def derives(self, name, base, depth=0):
        return name == base or depth < 8 and any(
            self.derives(b, base, depth + 1) for b in self.bases.get(name, ()))

    def means(self, use, target):
        """Whether a use of a name can mean this target of that name."""
        if not use.template and not any(d.path in self.sees[use.path] for d in target.declarations):
            return False
        first = target.first
        if first.kind == "function":
            return use.how != "."
        if first.kind in ("method", "member"):
            if use.how == "::":
                return (use.qualifier not in self.bases or self.derives(use.qualifier, first.classes[-1])
                        or self.derives(first.classes[-1], use.qualifier))
            return use.how == "." or any(self.derives(c, first.classes[-1]) for c in use.classes)
        if first.kind == "type":
            return first.name not in use.classes and not use.announced
        return True

    def of_kinds(self, *kinds):
        return [t for t in self.targets.values()
                if t.first.kind in kinds and t.first.name not in GIVEN | self.in_macros]

    def never_called(self):
        """Nor by anything that is called itself."""
        functions = self.of_kinds("function", "method")
        alive = {id(t) for t in self.targets.values()
                 if t.first.name in GIVEN | self.in_macros or t.words() & CALLED_UNNAMED}
        calls = defaultdict(set)  # by caller
        for target in functions:
            for use in self.uses[target.first.name]:
                if self.means(use, target):
                    if use.caller is None:
                        alive.add(id(target))
                    else:
                        calls[id(self.target_of[id(use.caller)])].add(id(target))
        todo = list(alive)
        while todo:
            more = calls[todo.pop()] - alive
            alive |= more
            todo.extend(more)
        # compilers find those that are private to a file
        return [t for t in functions if id(t) not in alive and not t.first.private_to_file]

    def never_read(self):
        def reads(use, target):
            owner = target.first.classes[-1]
            in_fields = (use.caller is not None and use.caller.name == "fields" and owner in use.classes
                         and not use.path.startswith(WRITTEN))
            return not use.written and not in_fields and self.means(use, target)

        return [t for t in self.of_kinds("member")
                if t.first.name not in self.bound | FOR_READERS
                and "override" not in t.first.words and t.first.classes[-1] != "?"
                and not any(reads(use, t) for use in self.uses[t.first.name])]

    def never_named(self):
        """Of an enum without `class`, it is enough that its enumerators are; enumerators may also be
        chosen by words of a file."""
        return [t for t in self.of_kinds("type", "alias", "variable", "enumerator")
                if not t.first.words & {"override", "enum"}
                and not (t.first.kind == "enumerator" and t.first.classes[-1] in self.in_words)
                and not any(self.means(use, t) for use in self.uses[t.first.name])]


def use_of(source, i, around, caller):
    tokens = source.tokens
    before, after = tokens[i - 1], tokens[i + 1] if i + 1 < len(tokens) else ""
    if before == "template":
        before = tokens[i - 2]
    innermost = around[-1] if around else None
    classes = ()
    if innermost is not None:
        classes = innermost.classes + ((innermost.name,) if innermost.kind == "type" else ())
    how, qualifier, written = "bare", "", after == "="
    if before in (".", "->"):
        how = "."
        written = written or before == "." and tokens[i - 2] in ("{", ",")
    elif before == "::":
        how, qualifier = "::", tokens[i - 2]
    elif caller is not None and caller.name in classes:  # a constructor, before its body
        written = written or before in (":", ",", "}", ")") and after in ("(", "{")
    announced = (before in cpp.CLASS_KEYS and after == ";") or (caller is None and after == "::")
    return Use(source.path, how, qualifier, caller, classes, any(s.template for s in around), written,
               announced)


def local_names(tokens, function):
    """Names of parameters and local variables, as far as they can be told."""
    found = set()
    close = cpp.closing(tokens, function.begin)
    add_parameters(tokens, function.begin, close, found)
    for i in range(close + 1, function.end):
        token = tokens[i]
        if token == "(" and tokens[i - 1] == "]":  # of a lambda
            add_parameters(tokens, i, cpp.closing(tokens, i), found)
        elif token == "auto":
            found.update(bound_names(tokens, i))
        elif cpp.is_name(token):
            before, after = tokens[i - 1], tokens[i + 1]
            endings = ("=", ";", ",", ":", "{")
            if before in ("&", "*", "&&"):
                before, endings = tokens[i - 2], ("=", ":", "{")
            if (cpp.is_name(before) or before in TYPE_ENDS) and after in endings:
                found.add(token)
    return found


def add_parameters(tokens, begin, end, found):
    for i in range(begin + 1, end):
        if cpp.is_name(tokens[i]) and tokens[i + 1] in (",", ")", "=") and (
                cpp.is_name(tokens[i - 1]) or tokens[i - 1] in TYPE_ENDS | {"&", "*", "&&"}):
            found.add(tokens[i])


def bound_names(tokens, i):
    """Of `auto& [a, b]`, from the `auto` on."""
    while tokens[i + 1] in ("&", "&&", "*"):
        i += 1
    if tokens[i + 1] != "[":
        return []
    return [t for t in tokens[i + 2:cpp.closing(tokens, i + 1)] if t != ","]

