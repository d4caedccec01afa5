"""C++ as far as the checks need it: tokens, and what is declared at namespace and class level.

It reads the C++ of this project, as clang-format lays it out and without macros; it is no compiler.
"""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(r"""
    (?P<skip> //[^\n]* | /\*.*?\*/ | ^[ \t]*\#(?:[^\n\\]|\\\n|\\.)* )
  | (?P<raw> (?:u8|[uUL])?R"(?P<fence>[^(\s]*)\(.*?\)(?P=fence)" )
  | (?P<text> (?:u8|[uUL])?"(?:[^"\\\n]|\\.)*" )
  | (?P<word> [A-Za-z_]\w* )
  | (?P<number> \.?\d(?:[eEpP][+-]|'(?=\w)|[\w.])* )
  | (?P<letter> '(?:[^'\\]|\\.)+' )
  | (?P<sign> ->\*? | :: | <=> | \.\.\. | [=!<>+\-*/%&|^]= | && | \|\| | \+\+ | -- | << | [^\s] )
""", re.X | re.S | re.M)

CLASS_KEYS = {"class", "struct", "union", "enum"}
SPECIFIERS = {"static", "inline", "constexpr", "consteval", "constinit", "extern", "friend", "virtual",
              "explicit", "mutable", "typedef", "thread_local", "export"}
NOT_NAMES = SPECIFIERS | CLASS_KEYS | {
    "alignas", "alignof", "and", "auto", "bool", "break", "case", "catch", "char", "co_return", "co_yield",
    "concept", "const", "continue", "decltype", "default", "delete", "do", "double", "else", "false",
    "float", "for", "goto", "if", "int", "long", "namespace", "new", "noexcept", "not", "nullptr", "or",
    "operator", "private", "protected", "public", "requires", "return", "short", "signed", "sizeof",
    "static_assert", "static_cast", "switch", "template", "this", "throw", "true", "try", "typename",
    "unsigned", "using", "void", "volatile", "while", "override", "final"}
CLOSERS = {"(": ")", "[": "]", "{": "}"}


def is_word(token):
    return token[0].isalpha() or token[0] == "_"


def is_name(token):
    return is_word(token) and token not in NOT_NAMES


def closing(tokens, i):
    """The place of the bracket that closes the one at `i`."""
    depth = 0
    for k in range(i, len(tokens)):
        if tokens[k] in "([{":
            depth += 1
        elif tokens[k] in ")]}":
            depth -= 1
            if depth == 0:
                return k
    return len(tokens) - 2  # a file in disorder; before its last token, which is a `;`


@dataclass
class Declaration:
    kind: str  # type, alias, function, method, variable, member, enumerator
    name: str
    classes: tuple  # the classes around it, from the outermost
    path: str
    line: int
    token: int  # where the name stands
    private_to_file: bool = False  # in an unnamed namespace, or static
    template: bool = False
    words: frozenset = frozenset()  # of the declaration: override, virtual, ...
    parameters: tuple = ()
    bases: tuple = ()
    begin: int = -1  # of the body (of a function: from its parameters on)
    end: int = -1
    defines: bool = False


@dataclass
class Source:
    path: str
    tokens: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    includes: list = field(default_factory=list)  # (line, path) of ours
    in_macros: set = field(default_factory=set)  # words of definitions of macros
    declarations: list = field(default_factory=list)


def read(path, text):
    source = Source(path)
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#include \""):
            source.includes.append((number, line.split('"')[1]))
    line, at = 1, 0
    for match in TOKEN.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        kind = match.lastgroup
        if kind == "skip":
            if re.match(r"\s*#\s*define", match.group(0)):
                source.in_macros.update(re.findall(r"\w+", match.group(0)))
            continue
        if kind in ("text", "raw", "fence"):
            source.tokens.append('""')
        elif kind == "letter":
            source.tokens.append("''")
        else:
            source.tokens.append(match.group(0))
        source.lines.append(line)
    source.tokens.extend(";" * 8)  # so that looking ahead needs no care
    source.lines.extend([line] * 8)
    Parser(source).scope(0, (), False, False, False)
    return source


class Parser:
    def __init__(self, source):
        self.source = source
        self.tokens = source.tokens

    def close(self, i):
        return closing(self.tokens, i)

    def close_angle(self, i):
        """The place of the `>` that closes the `<` at `i`."""
        depth, end = 0, len(self.tokens)
        while i < end:
            token = self.tokens[i]
            if token == "<":
                depth += 1
            elif token == ">":
                depth -= 1
                if depth == 0:
                    return i
            elif token in "([{":
                i = self.close(i)
            elif token == ";":
                return i - 1
            i += 1
        return end - 2

    def scope(self, i, classes, hidden, template, foreign):
        """Declarations from `i` to the brace that closes the scope; returns the place after it."""
        end = len(self.tokens)
        while i < end:
            token = self.tokens[i]
            if token == "}":
                return i + 1
            if token == ";":
                i += 1
            elif token in ("public", "private", "protected") and self.tokens[i + 1] == ":":
                i += 2
            elif token == "namespace" or (token == "inline" and self.tokens[i + 1] == "namespace"):
                i = self.namespace(i, hidden, foreign)
            elif token == "extern" and self.tokens[i + 1] == '""' and self.tokens[i + 2] == "{":
                i = self.scope(i + 3, classes, hidden, template, foreign)
            else:
                i = self.declaration(i, classes, hidden, template, foreign)
        return i

    def namespace(self, i, hidden, foreign):
        names = []
        while self.tokens[i] not in "{;=":
            if is_name(self.tokens[i]):
                names.append(self.tokens[i])
            i += 1
        if self.tokens[i] != "{":
            while self.tokens[i] != ";":
                i += 1
            return i + 1
        return self.scope(i + 1, (), hidden or not names, False, foreign or names[:1] == ["std"])

    def declaration(self, start, classes, hidden, template, foreign):
        """One declaration; returns the place after it."""
        tokens, i, end = self.tokens, start, len(self.tokens)
        words = set()
        specialised = False
        while i < end:  # what may stand in front
            token = tokens[i]
            if token == "template" and tokens[i + 1] == "<":
                template, specialised = True, tokens[i + 2] == ">"
                i = self.close_angle(i + 1) + 1
            elif token == "requires":
                i += 1
                while tokens[i] in ("(", "!") or is_name(tokens[i]) or tokens[i] == "::":
                    if tokens[i] == "(":
                        i = self.close(i) + 1
                        break
                    i += 1
                    if tokens[i] == "<":
                        i = self.close_angle(i) + 1
                        if tokens[i] != "&&":
                            break
            elif token == "[" and tokens[i + 1] == "[":
                i = self.close(i) + 1
            elif token in SPECIFIERS:
                words.add(token)
                i += 1
                if token == "explicit" and tokens[i] == "(":
                    i = self.close(i) + 1
            else:
                break
        common = {"classes": classes, "path": self.source.path, "template": template,
                  "private_to_file": hidden or (not classes and "static" in words)}
        token = tokens[i]
        if token == "using" or token == "concept":
            return self.alias(i, common)
        if token in ("static_assert", "template"):
            return self.after_semicolon(i)
        if token in CLASS_KEYS:
            after = self.type_definition(i, words, common, hidden, foreign, specialised)
            if after is not None:
                return after
        return self.function_or_variable(i, words, common, foreign)

    def after_semicolon(self, i):
        while i < len(self.tokens) and self.tokens[i] != ";":
            i = self.close(i) + 1 if self.tokens[i] in CLOSERS else i + 1
        return i + 1

    def add(self, kind, place, common, **more):
        self.source.declarations.append(Declaration(
            kind=kind, name=self.tokens[place], line=self.source.lines[place], token=place,
            **{**common, **more}))
        return self.source.declarations[-1]

    def alias(self, i, common):
        if self.tokens[i + 2] == "=":
            end = self.after_semicolon(i)
            value = self.tokens[i + 3:end - 1]
            # `using Name = sim::Name` brings a name here, and gives it no other meaning
            if value[-1:] != [self.tokens[i + 1]]:
                self.add("alias", i + 1, common, begin=i + 2, end=end, defines=True)
        return self.after_semicolon(i)

    def type_definition(self, i, words, common, hidden, foreign, specialised):
        """Of a class or an enum; nothing if it is something else that begins like one."""
        tokens, key = self.tokens, self.tokens[i]
        i += 1
        if key == "enum" and tokens[i] in ("class", "struct"):
            i += 1
        while tokens[i] == "[" or tokens[i] == "alignas":
            i = self.close(i if tokens[i] == "[" else i + 1) + 1
        place, others, outer = None, False, []
        while is_name(tokens[i]) or tokens[i] in ("::", "<", "final"):
            if tokens[i] == "<":
                specialised, i = True, self.close_angle(i)
            elif is_name(tokens[i]):
                if place is not None and tokens[i - 1] == "::":
                    outer.append(tokens[place])
                place = i
                others = others or (tokens[i] in ("std", "fmt") and tokens[i + 1] == "::")
            i += 1
        if tokens[i] == ";":
            return i + 1  # announced only
        bases = []
        if tokens[i] == ":":
            while tokens[i] != "{":
                if is_name(tokens[i]):
                    bases.append(tokens[i])
                if tokens[i] == ";":
                    return None
                i += 1
        if tokens[i] != "{":
            return None
        end = self.close(i)
        name = tokens[place] if place is not None else ""
        foreign = foreign or others
        common = {**common, "classes": (*common["classes"], *outer)}
        if place is not None and not specialised and not foreign:
            self.add("type", place, common, bases=tuple(bases), begin=i, end=end, defines=True,
                     words=frozenset(words | {key}))
        classes = (*common["classes"], name or "?")
        if key == "enum":
            self.enumerators(i + 1, end, {**common, "classes": classes})
        else:
            before = len(self.source.declarations)
            self.scope(i + 1, classes, hidden, common["template"], foreign)
            if foreign or specialised:  # their names are given by others
                for declaration in self.source.declarations[before:]:
                    declaration.words |= {"override"}
        if tokens[end + 1] != ";":  # struct {...} name;
            return self.variables(end + 1, end + 1, words, common)
        return end + 2

    def enumerators(self, i, end, common):
        while i < end:
            if is_name(self.tokens[i]) and self.tokens[i - 1] in "{,":
                self.add("enumerator", i, common)
            i = self.close(i) + 1 if self.tokens[i] in CLOSERS else i + 1

    def function_or_variable(self, start, words, common, foreign):
        tokens, i, end = self.tokens, start, len(self.tokens)
        while i < end:
            token = tokens[i]
            if token == "operator":
                name = i
                while tokens[i] != "(" or tokens[i + 1] == ")" and tokens[i + 2] == "(":
                    i += 1
                return self.function(start, name, i, words | {"operator"}, common, foreign)
            if token == "<":
                i = self.close_angle(i)
            elif token == "(":
                before = tokens[i - 1]
                if before in ("alignas", "decltype", "noexcept", "explicit", "__attribute__"):
                    i = self.close(i)
                elif i > start and is_name(before) and tokens[i + 1] != "*":
                    return self.function(start, i - 1, i, words, common, foreign)
                else:
                    i = self.close(i)
            elif token == "[" and tokens[i + 1] == "[":
                i = self.close(i)
            elif token in ("=", "{", ";", ",", ":", "["):
                return self.variables(start, i, words, common)
            i += 1
        return end

    def variables(self, start, i, words, common):
        """`i`: after the first name."""
        tokens = self.tokens
        kind = "member" if common["classes"] else "variable"
        if "friend" in words:
            return self.after_semicolon(i)
        while i < len(tokens):
            if is_name(tokens[i - 1]) and i - 1 >= start:
                found = self.add(kind, i - 1, common, words=frozenset(words | set(tokens[start:i - 1])),
                                 begin=i, defines="extern" not in words)
            else:
                found = None
            while tokens[i] not in ",;":  # its initialiser
                i = self.close(i) + 1 if tokens[i] in CLOSERS else i + 1
            if found is not None:
                found.end = i
            if tokens[i] == ";":
                return i + 1
            i += 1
            while tokens[i] not in ("=", "{", ";", ",", "["):
                i = self.close_angle(i) + 1 if tokens[i] == "<" else i + 1
        return i

    def function(self, start, place, open_place, words, common, foreign):
        tokens = self.tokens
        close = self.close(open_place)
        qualifiers, i = [], place
        if tokens[place - 1] == "~":
            words, i = words | {"operator"}, place - 1
        while tokens[i - 1] == "::" and i - 2 >= start:
            i -= 2
            if tokens[i] == ">":
                while tokens[i] != "<":
                    i -= 1
                i -= 1
            qualifiers.insert(0, tokens[i])
        i = close + 1
        constructing = False
        while i < len(tokens):
            token = tokens[i]
            if token == ";":
                break
            if token == "{":
                if constructing and (is_name(tokens[i - 1]) or tokens[i - 1] == ">"):
                    i = self.close(i)  # of one member
                else:
                    break
            elif token == "=":
                words = words | {tokens[i + 1]}
                i = self.after_semicolon(i) - 1
                break
            elif token == ":":
                constructing = True
            elif token in ("(", "["):
                i = self.close(i)
            elif token == "<" and tokens[i - 1] not in (")",):
                i = self.close_angle(i)
            elif is_word(token):
                words = words | {token}
            i += 1
        body = i < len(tokens) and tokens[i] == "{"
        end = self.close(i) if body else i
        classes = common["classes"]
        if "friend" in words:
            classes = ()
        kind = "method" if classes or qualifiers else "function"
        if foreign:
            words = words | {"override"}
        name = tokens[place]
        owner = (*classes, *qualifiers)
        if owner and owner[-1] == name:
            words = words | {"operator"}  # a constructor
        if is_name(name) or "operator" in words:
            self.add(kind, place, {**common, "classes": owner}, words=frozenset(words),
                     template=common["template"] or "auto" in tokens[open_place:close],
                     parameters=self.parameters(open_place, close), begin=open_place, end=end,
                     defines=body)
        return end + 1

    def parameters(self, open_place, close):
        """Their types, without names, defaults and namespaces."""
        found, current, i = [], [], open_place + 1
        skipping = False
        while i < close:
            token = self.tokens[i]
            if token == ",":
                found.append(current)
                current, skipping = [], False
            elif token == "=":
                skipping = True
            elif token == "<" and not skipping:
                angle = self.close_angle(i)
                current.extend(self.tokens[i:angle + 1])
                i = angle
            elif token in CLOSERS:
                bracket = self.close(i)
                if not skipping:
                    current.extend(self.tokens[i:bracket + 1])
                i = bracket
            elif not skipping:
                current.append(token)
            i += 1
        found.append(current)
        return tuple(t for t in (type_text(p) for p in found) if t)


def type_text(parameter):
    words = [w for w in parameter if w not in ("typename", "class", "struct")]
    if len(words) > 1 and is_name(words[-1]) and words[-2] != "::" and words[-2] != "const":
        words = words[:-1]
    plain = []
    for k, word in enumerate(words):
        if word == "::" or (k + 1 < len(words) and words[k + 1] == "::"):
            continue
        plain.append(word)
    return " ".join(plain)
