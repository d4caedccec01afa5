#!/usr/bin/env python3
"""scripts/tidy finds what it says it finds: a small tree in order, and each check with what breaks it."""

import importlib.util
import pathlib
import subprocess
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "tidy"
sys.dont_write_bytecode = True
sys.path.insert(0, str(SCRIPT.parent))
spec = importlib.util.spec_from_loader("tidy", SourceFileLoader("tidy", str(SCRIPT)))
tidy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tidy)

CLEAN = {
    "sim/README.md": "# sim\n",
    "sim/base/README.md": "- `number.hpp`: numbers, see `number.cpp`.\n",
    "sim/base/number.hpp": """#pragma once

namespace optichain::sim {

/// A number.
class Number {
 public:
  explicit Number(double value) : value_(value) {}
  double value() const { return value_; }
  friend bool operator==(const Number&, const Number&) = default;

 private:
  double value_;
};
Number twice(const Number& number);

}  // namespace optichain::sim
""",
    "sim/base/number.cpp": """#include "sim/base/number.hpp"

namespace optichain::sim {

Number twice(const Number& number) {
  return Number{2 * number.value()};
}

}  // namespace optichain::sim
""",
    "models/README.md": "# models\n",
    "models/catalog/README.md": "| `site` | a place |\n",
    "models/catalog/site.hpp": """#pragma once

#include "sim/base/number.hpp"

namespace optichain::models {

struct Site {
  sim::Number room{1};
};
double room_of(const Site& site);

}  // namespace optichain::models
""",
    "models/catalog/site.cpp": """#include "models/catalog/site.hpp"

namespace optichain::models {

double room_of(const Site& site) {
  return sim::twice(site.room).value();
}

}  // namespace optichain::models
""",
    "models/app/README.md": "- `main.cpp`: the program.\n",
    "models/app/main.cpp": """#include "models/catalog/site.hpp"

int main() {
  return optichain::models::room_of({}) > 0 ? 0 : 1;
}
""",
    "models/report/README.md": "- `page/web/src/`: the page.\n",
    "models/report/page/web/src/dom.ts": "export function el(name: string) {\n  return name;\n}\n",
    "models/report/page/web/src/main.ts": 'import { el } from "./dom.js";\nel("p");\n',
    "scripts/README.md": "- `run FILE`: runs.\n",
    "scripts/run": "#!/bin/sh\n",
    "tests/README.md": "# tests\n",
    "tests/unit/number_test.cpp": 'TEST_CASE("Number: twice") {}\n',
}


def source(body, *includes):
    """Of a header in the namespace of the models."""
    lines = "".join(f'#include "{path}"\n' for path in includes)
    return f"#pragma once\n{lines}namespace optichain::models {{\n{body}\n}}\n"


class TidyTest(unittest.TestCase):
    def expect(self, files, *errors):
        """Of the clean tree with these files: exactly these errors, each at its place (`path:line`) and
        with these words."""
        found = tidy.check(tidy.Tree({**CLEAN, **files}))
        self.assertEqual(len(found), len(errors), "\n".join(found))
        for place, words in errors:
            self.assertTrue(any(e.startswith(f"{place}: error: ") and words in e for e in found),
                            f"no error {place}: {words!r} in\n" + "\n".join(found))

    def changed(self, path, old, new):
        self.assertIn(old, CLEAN[path])
        return {path: CLEAN[path].replace(old, new, 1)}


class Clean(TidyTest):
    def test_a_tree_in_order_has_no_errors(self):
        self.expect({})


class Includes(TidyTest):
    def test_a_layer_that_knows_one_above_it(self):
        self.expect(self.changed("sim/base/number.cpp", "\n\n", '\n#include "models/catalog/site.hpp"\n'),
                    ("sim/base/number.cpp:2", "sim/base may not know models/catalog"),
                    ("models/catalog/site.hpp:3", "a circle"))

    def test_a_library_outside_its_layer(self):
        self.expect(self.changed("models/catalog/site.cpp", "\n\n", "\n#include <sqlite3.h>\n"),
                    ("models/catalog/site.cpp:2", "<sqlite3.h> is for sim/output only"))

    def test_a_library_that_nobody_knows(self):
        self.expect(self.changed("models/catalog/site.cpp", "\n\n", "\n#include <lib/new.h>\n"),
                    ("models/catalog/site.cpp:2", "does not know"))

    def test_a_test_and_a_folder_that_is_no_layer(self):
        self.expect(self.changed("models/app/main.cpp", "\n\n",
                                 '\n#include "tests/unit/x.hpp"\n#include "models/odd/x.hpp"\n'),
                    ("models/app/main.cpp:2", "may not include a test"),
                    ("models/app/main.cpp:3", "belongs to no layer"))


class Layout(TidyTest):
    def test_long_lines_and_words(self):
        self.expect(self.changed("models/catalog/site.cpp", "\n\n",
                                 f"\n// {'x' * 98}\n// TODO\nusing namespace std;\n"),
                    ("models/catalog/site.cpp:2", "101 columns"),
                    ("models/catalog/site.cpp:3", "say it in an issue"),
                    ("models/catalog/site.cpp:4", "name what you use"))

    def test_files_are_made_and_removed_in_one_place(self):
        for line in ("std::ofstream file(path);", "fs::remove(path);", "sim::remove_file(path);", "::unlink(path);",
                     "fs::rename(a, b);", "::open(path, O_WRONLY | O_CREAT, 0666);",
                     "fs::create_directories(path);"):
            with self.subTest(line):
                self.expect(self.changed("models/catalog/site.cpp", "\n\n", f"\n// {line}\n"),
                            ("models/catalog/site.cpp:2", "of sim/output"))

    def test_messages_files_numbers_and_options_go_one_way(self):
        for line, advice in (("fmt::print(stderr, text);", "say it with sim/base/message"),
                             ("std::cerr << text;", "say it with sim/base/message"),
                             ("std::ifstream file(path);", "takes an error for the end"),
                             ("std::getline(file, line);", "takes an error for the end"),
                             ("std::stoull(text);", "numbers are read by"),
                             ("strtol(text, nullptr, 0);", "numbers are read by"),
                             ('command->add_option("--seed", seed);', "options are added by common_options"),
                             ("->check(CLI::Range(1, 2));", "options are added by common_options")):
            with self.subTest(line):
                self.expect(self.changed("models/catalog/site.cpp", "\n\n", f"\n// {line}\n"),
                            ("models/catalog/site.cpp:2", advice))

    def test_names_of_tests(self):
        self.expect({"tests/unit/a_test.cpp": 'TEST_CASE("A: one; two") {}\nTEST_CASE("Number: twice") {}\n'},
                    ("tests/unit/a_test.cpp:1", "must not contain"),
                    ("tests/unit/number_test.cpp:1", "is also in tests/unit/a_test.cpp:2"))


class Names(TidyTest):
    def in_app(self, text, **more):
        """Declared in a source of another room, and used there."""
        return {"models/app/main.cpp": CLEAN["models/app/main.cpp"].replace("int main() {", text +
                                                                           "int main() {"), **more}

    def test_a_type_in_two_rooms_whatever_the_namespace(self):
        self.expect(self.in_app("namespace other {\nstruct Site {};\n}\nother::Site here = here;\n"),
                    ("models/catalog/site.hpp:7", "the type Site is also in models/app/main.cpp:4"))

    def test_a_private_type_with_the_name_of_a_public_one(self):
        self.expect(self.in_app("namespace {\nenum class Number { one };\n}\nauto n = Number::one;\n"
                                "auto m = n;\nauto k = m + k;\n"),
                    ("models/app/main.cpp:4", "the type Number is also in sim/base/number.hpp:6"))

    def test_two_private_types_may_share_a_name(self):
        more = self.changed("models/catalog/site.cpp", "double room_of",
                            "namespace {\nstruct Row {};\nRow row() { return {}; }\n}\nauto a = row();\n"
                            "auto b = a + b;\ndouble room_of")
        self.expect(self.in_app("namespace {\nstruct Row {};\n}\nRow r = r;\n", **more))

    def test_a_function_with_the_same_parameters_private_or_not(self):
        text = "namespace {\ndouble room_of(const other::Site& s) { return 1; }\n}\n"
        self.expect(self.in_app(text),
                    ("models/app/main.cpp:4", "the function room_of(const Site &) is also in"))

    def test_a_function_may_be_overloaded(self):
        self.expect(self.in_app("namespace {\ndouble room_of(int site) { return site; }\n}\n"))

    def test_a_number_with_a_name_in_two_files(self):
        text = "namespace {{\nconstexpr double days_per_year = {};\n}}\nauto {} = days_per_year + {};\n"
        more = self.changed("models/catalog/site.cpp", "double room_of",
                            text.format("365.25", "a", "a") + "double room_of")
        self.expect(self.in_app(text.format("360", "b", "b"), **more))
        self.expect(self.in_app(text.format("365.25", "b", "b"), **more),
                    ("models/catalog/site.cpp:6", "the constant days_per_year = 365.25 is also in"))

    def test_announced_or_brought_here_is_not_declared(self):
        self.expect(self.in_app("namespace optichain::sim {\nclass Number;\n}\nusing optichain::sim::Number;\n"
                                "using Site = optichain::models::Site;\n"))


class Circles(TidyTest):
    def units(self, **bodies):
        """Headers a, b, c of the catalog, used by main."""
        files = {f"models/catalog/{name}.hpp": source(f"inline int {name}() {{ return 1; }}", *includes)
                 for name, includes in bodies.items()}
        files["models/catalog/README.md"] = "- `site`, " + ", ".join(f"`{n}`" for n in bodies) + ": x\n"
        calls = " +\n".join(f"optichain::models::{name}()" for name in bodies)
        includes = "".join(f'#include "models/catalog/{name}.hpp"\n' for name in bodies)
        files["models/app/main.cpp"] = includes + CLEAN["models/app/main.cpp"].replace("> 0", f"> {calls}")
        return files

    def test_two_headers(self):
        self.expect(self.units(a=["models/catalog/b.hpp"], b=["models/catalog/a.hpp"]),
                    ("models/catalog/a.hpp:2", "a circle of units: a -> b -> a"))

    def test_three_headers(self):
        self.expect(self.units(a=["models/catalog/b.hpp"], b=["models/catalog/c.hpp"],
                               c=["models/catalog/a.hpp"]),
                    ("models/catalog/a.hpp:2", "a circle of units: a -> b -> c -> a"))

    def test_through_a_source_and_through_a_second_source(self):
        files = self.units(a=[], b=["models/catalog/a.hpp"])
        for name in ("a", "a_more"):
            path = f"models/catalog/{name}.cpp"
            text = '#include "models/catalog/a.hpp"\n#include "models/catalog/b.hpp"\n'
            self.expect({**files, path: text}, (f"{path}:2", "a circle of units: a -> b -> a"))

    def test_a_source_of_another_unit_makes_no_circle(self):
        files = self.units(a=[], a_more=[], b=["models/catalog/a.hpp"])
        self.expect({**files, "models/catalog/a_more.cpp":
                     '#include "models/catalog/a_more.hpp"\n#include "models/catalog/b.hpp"\n'})

    def test_a_header_that_only_its_own_source_or_a_test_includes(self):
        alone = {"models/catalog/site_text.hpp": "#pragma once\n",
                 "models/catalog/site_text.cpp": '#include "models/catalog/site_text.hpp"\n',
                 "models/catalog/README.md": "- `site`, `site_text`: x\n",
                 "tests/unit/text_test.cpp": '#include "models/catalog/site_text.hpp"\n'}
        self.expect(alone, ("models/catalog/site_text.hpp:1", "nobody includes this header"))

    def test_modules(self):
        self.expect({"models/report/page/web/src/dom.ts":
                     'import type { Page } from "./main";\nexport const el = (p: Page) => p;\n',
                     "models/report/page/web/src/main.ts":
                     'import {\n  el\n} from "./dom.js";\nexport type Page = string;\nel("p");\n'},
                    ("models/report/page/web/src/dom.ts:1", "a circle of units: dom.ts -> main.ts -> dom.ts"))


class Unused(TidyTest):
    def site(self, text, inside="", **more):
        """Declared beside, or in, the struct Site."""
        text = CLEAN["models/catalog/site.hpp"].replace("double room_of", text + "\ndouble room_of")
        return {"models/catalog/site.hpp": text.replace("room{1};\n", "room{1};\n" + inside), **more}

    def test_a_function(self):
        self.expect(self.site("int dead(int dead);"), ("models/catalog/site.hpp:10", "nobody calls dead()"))

    def test_a_method(self):
        self.expect(self.site("", "int dead() const { return 1; }"),
                    ("models/catalog/site.hpp:9", "nobody calls Site::dead()"))

    def test_what_only_itself_or_the_dead_call(self):
        self.expect(self.site("inline int deep() { return deep(); }\ninline int dead() { return deep(); }"),
                    ("models/catalog/site.hpp:10", "nobody calls deep()"),
                    ("models/catalog/site.hpp:11", "nobody calls dead()"))

    def test_what_only_tests_call(self):
        self.expect(self.site("int dead();", **{"tests/unit/dead_test.cpp": "int i = dead();\n"}),
                    ("models/catalog/site.hpp:10", "only tests call dead()"))

    def test_a_local_variable_or_a_method_of_the_name_is_no_call(self):
        main = CLEAN["models/app/main.cpp"].replace("int main() {", "int main() {\n  auto dead = 1;\n  dead;")
        self.expect(self.site("int dead();", **{"models/app/main.cpp": main}),
                    ("models/catalog/site.hpp:10", "nobody calls dead()"))
        main = CLEAN["models/app/main.cpp"].replace("int main() {", "int main() {\n  site.dead();")
        self.expect(self.site("int dead();", **{"models/app/main.cpp": main}),
                    ("models/catalog/site.hpp:10", "nobody calls dead()"))

    def test_who_does_not_see_a_function_does_not_call_it(self):
        number = self.changed("sim/base/number.cpp", "2 * ", "dead(1) * ")
        self.expect(self.site("int dead(int);", **number),
                    ("models/catalog/site.hpp:10", "nobody calls dead()"))

    def test_a_method_of_another_class_is_another(self):
        inside = "static int count() { return 1; }"
        number = self.changed("sim/base/number.hpp", " private:",
                              "  static int count() { return 2; }\n private:")
        main = CLEAN["models/app/main.cpp"].replace("> 0", "> optichain::models::Site::count()")
        self.expect(self.site("", inside, **number, **{"models/app/main.cpp": main}),
                    ("sim/base/number.hpp:12", "nobody calls Number::count()"))

    def test_templates_may_call_what_they_do_not_see(self):
        self.expect(self.site("", "int visited() { return 1; }", **self.changed(
            "sim/base/number.hpp", "Number twice",
            "template <class T>\nint visit(T& t) {\n  return t.visited() + visit(t);\n}\nNumber twice"),
            **self.changed("sim/base/number.cpp", "2 *", "visit(number) *")))

    def test_a_member(self):
        self.expect(self.site("", "  int count = 0;\n  void set() { count = 1; }\n  Site() { set(); }"),
                    ("models/catalog/site.hpp:9", "nobody reads Site::count"))

    def test_a_member_that_only_its_fields_visit(self):
        fields = '  int key = 0;\n  template <class V>\n  void fields(V& v) {\n    v.optional("key", key);\n  }'
        self.expect(self.site("", fields), ("models/catalog/site.hpp:9", "nobody reads Site::key"))
        main = CLEAN["models/app/main.cpp"].replace("> 0", "> site.key")
        self.expect(self.site("", fields, **{"models/app/main.cpp": main}))

    def test_fields_of_the_report_say_what_is_written(self):
        row = source('struct Row {\n  int key = 0;\n  template <class V>\n  void fields(V& v) {\n'
                     '    v("key", key);\n  }\n};')
        main = CLEAN["models/app/main.cpp"].replace("> 0", "> optichain::models::Row{}")
        include = '#include "models/{}/row.hpp"\n'
        self.expect({"models/report/row.hpp": row, "models/app/main.cpp": include.format("report") + main,
                     "models/report/README.md": CLEAN["models/report/README.md"] + "- `row`: x\n"})
        self.expect({"models/catalog/row.hpp": row, "models/app/main.cpp": include.format("catalog") + main,
                     "models/catalog/README.md": CLEAN["models/catalog/README.md"] + "- `row`: x\n"},
                    ("models/catalog/row.hpp:4", "nobody reads Row::key"))

    def test_types_constants_enumerators(self):
        self.expect(self.site("class Dead {\n  Dead* next() { return next(); }\n};\nclass Dead;\n"
                              "constexpr int dead = 1;\nusing Old = int;\nenum class Kind { first, last };\n"
                              "inline Kind kind = Kind::first;\ninline int n = n + (kind == kind);"),
                    ("models/catalog/site.hpp:10", "nobody names Dead"),
                    ("models/catalog/site.hpp:11", "nobody calls Dead::next()"),
                    ("models/catalog/site.hpp:14", "nobody names dead"),
                    ("models/catalog/site.hpp:15", "nobody names Old"),
                    ("models/catalog/site.hpp:16", "nobody names Kind::last"))

    def test_exports(self):
        dom = "models/report/page/web/src/dom.ts"
        self.expect({dom: CLEAN[dom] + "// dead\nexport function dead() {}\nexport interface Own { a: Own }\n"
                                       "export type OfTests = string;\n",
                     "tests/web/dom_test.mjs": 'import { OfTests } from "dom.js";\n'},
                    (f"{dom}:5", "nobody uses the function dead"),
                    (f"{dom}:6", "nobody imports the interface Own: do not export it"),
                    (f"{dom}:7", "only tests use the type OfTests"))

    def test_members_of_interfaces(self):
        main = "models/report/page/web/src/main.ts"
        self.expect({main: CLEAN[main] + "interface Page {\n  // sent\n  name: string;\n  parts: "
                                         "{ version: number }[];\n}\nel((p: Page) => p.parts + p.name);\n"},
                    (f"{main}:6", "nobody reads Page.version"))


class Twice(TidyTest):
    LINES = [f"  total += {k} * total;" for k in range(6)]

    def files(self, lines):
        body = "double sum(double total) {\n" + "\n".join(lines) + "\n  return total;\n}\n"
        main = CLEAN["models/app/main.cpp"].replace("int main() {", body + "int main() {")
        site = CLEAN["models/catalog/site.cpp"].replace("return sim", "double total = 0;\n\n" +
                                                        "\n  // again\n".join(self.LINES) + "\n  return sim")
        return {"models/app/main.cpp": main.replace("> 0", "> sum(0)"), "models/catalog/site.cpp": site}

    def test_six_lines(self):
        self.expect(self.files(self.LINES), ("models/catalog/site.cpp:8", "6 lines of code stand at "
                                                                         "models/app/main.cpp:4"))

    def test_five_lines(self):
        self.expect(self.files(self.LINES[1:]))


class Readmes(TidyTest):
    def test_a_room_without_one(self):
        files = {p: t for p, t in CLEAN.items() if p != "models/catalog/README.md"}
        found = tidy.check(tidy.Tree(files))
        self.assertIn("models/catalog/README.md:1: error: every folder says what it holds", found)

    def test_a_unit_that_is_only_named_in_the_text(self):
        self.expect({"sim/base/README.md": "Start with `number.hpp`.\n\n- what `number` is for\n"},
                    ("sim/base/number.hpp:1", "sim/base/README.md does not list it"))

    def test_a_unit_that_is_listed_twice(self):
        self.expect({"sim/base/README.md": "- `number.hpp`: x\n\n| Unit |\n|---|\n| `number.cpp` | x |\n"},
                    ("sim/base/README.md:5", "`number` is listed in line 1, too"))
        self.expect({"sim/base/README.md": "- `number.hpp`, `number.cpp`: x\n"},
                    ("sim/base/README.md:1", "`number` is listed in line 1, too"))

    def test_a_unit_that_is_not_there(self):
        listed = CLEAN["sim/base/README.md"]
        self.expect({"sim/base/README.md": listed + "- `gone`: x\n"},
                    ("sim/base/README.md:2", "there is no `gone` to list"))
        self.expect({"sim/base/README.md": listed + "\n- `gone`: a word of another list\n"})

    def test_a_pattern_lists_what_is_not_listed_by_name(self):
        command = {"models/app/run_command.cpp": '#include "models/catalog/site.hpp"\n'}
        self.expect(command, ("models/app/run_command.cpp:1", "begins with `run_command`"))
        self.expect({**command, "models/app/README.md": "- `main.cpp`: x\n- `*_command.cpp`: x\n"})

    def test_scripts_and_modules(self):
        self.expect({"scripts/walk": "#!/bin/sh\n",
                     "models/report/README.md": "- `page/web/src/dom.ts`: x\n"},
                    ("scripts/walk:1", "scripts/README.md does not list it"),
                    ("models/report/page/web/src/main.ts:1", "begins with `page/web/src/main`"))

    def test_a_folder_of_a_room_has_its_own_or_stands_in_the_rooms(self):
        files = {**self.changed("models/app/main.cpp", "\n\n", '\n#include "models/catalog/way/fast.hpp"\n'),
                 "models/catalog/way/fast.hpp": "#pragma once\n"}
        self.expect(files, ("models/catalog/way/fast.hpp:1", "begins with `way/fast`"))
        self.expect({**files, "models/catalog/way/README.md": "- `fast.hpp`: x\n"})
        self.expect({**files, "models/catalog/README.md": "- `site`: x\n- `way/`: x\n"})

    def test_files_that_are_not_there(self):
        self.expect({"sim/base/README.md": CLEAN["sim/base/README.md"] + "See `base/gone.hpp`.\n",
                     **self.changed("models/catalog/site.cpp", "\n\n", "\n// as in catalog/gone.cpp\n\n")},
                    ("sim/base/README.md:2", "there is no base/gone.hpp"),
                    ("models/catalog/site.cpp:2", "there is no catalog/gone.cpp"))


class Script(unittest.TestCase):
    """The whole, on files that git knows, with clang-format."""

    def run_on(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text, encoding="utf-8")
            (root / ".clang-format").write_text((ROOT / ".clang-format").read_text(encoding="utf-8"),
                                                encoding="utf-8")
            subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
            return subprocess.run([sys.executable, SCRIPT, root], capture_output=True, text=True, check=False)

    def test_in_order(self):
        result = self.run_on(CLEAN)
        self.assertEqual((result.returncode, result.stdout), (0, "tidy: 6 sources in order\n"), result)

    def test_out_of_order(self):
        result = self.run_on({**CLEAN, "models/catalog/site.hpp": CLEAN["models/catalog/site.hpp"].replace(
            "double room_of", "double  dead();\ndouble room_of")})
        self.assertEqual(result.returncode, 1, result)
        self.assertEqual(result.stdout.splitlines(), [
            "models/catalog/site.hpp:10: error: nobody calls dead()",
            "models/catalog/site.hpp:10: error: clang-format would lay this out differently"])


if __name__ == "__main__":
    unittest.main()
