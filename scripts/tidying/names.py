"""A name means one thing, and a fact stands once.

A room is a folder such as `models/policy`, whatever its namespace is called. Looked at is what is
declared at namespace level:
- a type that other files can see has its name to itself in all rooms; types that are private to their
  files (in an unnamed namespace) may share theirs, as `Options` of two commands;
- so has a constant; private ones may share their name, but not a number with it;
- functions may be overloaded, in any room; with the same types of parameters they stand once, private
  ones included.
"""

from collections import defaultdict

from tidying.tree import room_of

# Functions that the language or a library looks for by name.
GIVEN = {"main", "hash_value", "to_json", "from_json", "format_as", "swap", "begin", "end"}
# Numbers that say nothing.
NO_FACTS = {"0", "1", "2", "0.0", "1.0"}


def check(tree, sources):
    named = defaultdict(list)
    for source in sources:
        for declaration in source.declarations:
            if room_of(source.path) and not declaration.classes and declaration.name not in GIVEN:
                for what in kinds(declaration, source):
                    named[what].append(declaration)
    for (what, of_files), found in sorted(named.items()):
        if of_files or not all(d.private_to_file for d in found):
            report(tree, what, of_files, found)


def kinds(declaration, source):
    """What may stand once only, in words; and whether also among what is private to files."""
    name = declaration.name
    if declaration.kind in ("type", "alias"):
        yield f"the type {name}", False
    elif declaration.kind == "variable":
        yield f"the constant {name}", False
        value = source.tokens[declaration.begin:declaration.end]
        if any(token[0].isdigit() and token not in NO_FACTS for token in value):
            yield f"the constant {name} {' '.join(value)}", True
    elif declaration.kind == "function" and "operator" not in declaration.words:
        yield f"the function {name}({', '.join(declaration.parameters)})", True


def report(tree, what, of_files, found):
    """One error for each further place."""
    first, seen = None, set()
    for declaration in sorted(found, key=lambda d: (d.private_to_file, d.path)):
        place = room_of(declaration.path)
        if of_files and declaration.private_to_file:
            place = declaration.path
        if first is None:
            first = declaration
        elif place not in seen:
            tree.error(declaration.path, declaration.line,
                       f"{what} is also in {first.path}:{first.line}: a name means one thing")
        seen.add(place)
