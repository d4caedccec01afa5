"""Lines and words, names of tests, and the layout of clang-format."""

import re
import shutil
import subprocess

from tidying.tree import OURS


def check_lines(tree, files, longest, banned, kept_in):
    for path in files:
        elsewhere = [rule for folder, rules in kept_in.items() if not path.startswith(folder) for rule in rules]
        for number, line in tree.lines(path):
            if len(line) > longest:
                tree.error(path, number, f"the line has {len(line)} columns, of at most {longest}")
            if path.startswith(OURS):
                for pattern, advice in banned + elsewhere:
                    if pattern.search(line):
                        tree.error(path, number, f"{pattern.search(line).group(0)!r}: {advice}")


def check_test_names(tree, tests):
    """A name with `;` would be run by nobody, and a name used twice hides one of the two."""
    seen = {}
    for path in tests:
        text = tree.text(path)
        for match in re.finditer(r'TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', text):
            name = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1)))
            number = text.count("\n", 0, match.start()) + 1
            if ";" in name:
                tree.error(path, number, "a test's name must not contain `;`")
            if name in seen:
                tree.error(path, number, f"the test {name!r} is also in {seen[name]}")
            seen[name] = f"{path}:{number}"


def check_format(tree, root, files):
    """The layout is clang-format's, of the version that Debian 12 ships."""
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    if not tool:
        tree.error("scripts/setup", 1, "clang-format is missing: run scripts/setup --test")
        return
    if not files:
        return
    result = subprocess.run([tool, "--dry-run", "-Werror", *files], cwd=root,
                            capture_output=True, text=True, check=False)
    for match in re.finditer(r"^(\S+):(\d+):\d+: error: code should be", result.stderr, re.M):
        tree.error(match.group(1), match.group(2), "clang-format would lay this out differently")
