"""The files that are looked at, and what is wrong with them."""

import pathlib
import posixpath
import subprocess


class Tree:
    """Texts by path below the root, from a folder or, for tests, from a dictionary."""

    def __init__(self, texts):
        self.texts = texts
        self.paths = sorted(texts)
        self.errors = []

    @classmethod
    def of_repository(cls, root):
        """What git knows, or would add."""
        listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                                cwd=root, capture_output=True, text=True, check=True).stdout
        paths = [p for p in listed.splitlines() if (root / p).is_file()]
        return cls({p: LazyText(root / p) for p in paths})

    def text(self, path):
        return str(self.texts[path])

    def lines(self, path):
        """(number, line) from 1."""
        return enumerate(self.text(path).splitlines(), 1)

    def select(self, prefixes, endings):
        return [p for p in self.paths if p.startswith(prefixes) and p.endswith(endings)]

    def error(self, path, line, message):
        self.errors.append(f"{path}:{line}: error: {message}")


class LazyText:
    """A file that is read when somebody asks, once."""

    def __init__(self, file):
        self.file, self.content = pathlib.Path(file), None

    def __str__(self):
        if self.content is None:
            self.content = self.file.read_text(encoding="utf-8")
        return self.content


OURS = ("sim/", "models/")


def room_of(path):
    """The first two folders: `models/policy`; nothing for files above the rooms."""
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else None


def stem(path):
    """`models/policy/yield.cpp` -> `models/policy/yield`"""
    return posixpath.splitext(path)[0]
