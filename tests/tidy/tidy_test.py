#!/usr/bin/env python3
"""Every rule of tools/tidy against a tree that breaks it and one that does not."""

import importlib.machinery
import importlib.util
import pathlib
import subprocess
import sys
import tempfile
import unittest

TIDY = pathlib.Path(__file__).resolve().parents[2] / "tools" / "tidy"
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("tidy", str(TIDY))
tidy = importlib.util.module_from_spec(importlib.util.spec_from_loader("tidy", loader))
loader.exec_module(tidy)

HEADER = "// A room.\n#pragma once\n"


def check(files):
    """[(rule, path, line)] of a tree of {path: text}, of which CMake knows every source unless it brings a recipe."""
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory).resolve()
        if "CMakeLists.txt" not in files:
            files = files | {"CMakeLists.txt": " ".join(files)}
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return [(rule, path, line) for path, line, rule, _ in tidy.findings(tidy.Tree(root))]


def lines(count):
    return "int x;\n" * count


def function(count, name="f"):
    """A function whose body, braces included, takes `count` lines."""
    return f"void {name}() {{\n" + "  x();\n" * (count - 2) + "}\n"


class Rule(unittest.TestCase):
    def breaks(self, rule, files, line=None, path=None):
        found = [finding for finding in check(files) if finding[0] == rule]
        self.assertEqual(len(found), 1, f"{rule} on {files.keys()}: {check(files)}")
        if line is not None:
            self.assertEqual(found[0][2], line)
        if path is not None:
            self.assertEqual(found[0][1], path)

    def holds(self, rule, files):
        self.assertEqual([finding for finding in check(files) if finding[0] == rule], [])


class FileLength(Rule):
    def test_source_header_and_test_have_their_own_limits(self):
        self.holds("file-length", {"src/limit/a.cc": lines(500)})
        self.breaks("file-length", {"src/limit/a.cc": lines(501)})
        self.holds("file-length", {"src/limit/a.h": HEADER + lines(298)})
        self.breaks("file-length", {"src/limit/a.h": HEADER + lines(299)})
        self.holds("file-length", {"tests/unit/limit/a_test.cc": lines(800)})
        self.breaks("file-length", {"tests/unit/limit/a_test.cc": lines(801)})


class FunctionLength(Rule):
    def test_seventy_lines_pass_and_seventy_one_do_not(self):
        self.holds("function-length", {"src/limit/a.cc": function(70)})
        self.breaks("function-length", {"src/limit/a.cc": "int x;\n" + function(71)}, line=2)

    def test_sees_members_constructors_tests_and_templates(self):
        body = "{\n" + "  x();\n" * 70 + "}\n"
        for head in ("Foo::Foo() : a_(1), b_{2} ", "TEST(A, B) ", "template <typename T>\nauto F(T t) -> int ",
                     "class A {\n void f() const noexcept ", "namespace a {\nstruct B final : C {\n int f() "):
            with self.subTest(head=head):
                tail = "};\n" if head.startswith("class") else "};\n}\n" if head.startswith("namespace") else ""
                self.breaks("function-length", {"src/limit/a.cc": head + body + tail})

    def test_containers_comments_and_literals_are_not_functions(self):
        body = "{\n" + "  int x;\n" * 80 + "};\n"
        for head in ("namespace a ", "class B : public C ", "template <typename T>\nstruct D ", "enum class E ",
                     "const char* f = \"(\";\nint table[] = "):
            with self.subTest(head=head):
                self.holds("function-length", {"src/limit/a.cc": head + body})
        self.holds("function-length", {"src/limit/a.cc": function(60) + "// f() {\n" + function(60) + 'auto s = "}";\n'})

    def test_a_lambda_counts_with_its_function_and_not_again(self):
        self.breaks("function-length", {"src/limit/a.cc": "void f() {\n auto g = [](int) {\n" + " x();\n" * 80 + " };\n}\n"})


class BannedCall(Rule):
    def test_each_call_is_found(self):
        for call in ("std::chrono::system_clock::now()", "std::chrono::steady_clock::now()",
                     "std::this_thread::yield()", "getenv(\"A\")", "std::getenv(\"A\")", "rand()",
                     "std::random_device{}()", "time(nullptr)", "std::time(0)", "usleep(5)"):
            with self.subTest(call=call):
                self.breaks("banned-call", {"src/limit/a.cc": f"int x;\nauto y = {call};\n"}, line=2)

    def test_the_operating_system_room_and_benchmarks_may(self):
        text = "auto y = std::chrono::steady_clock::now();\n"
        for path in ("src/os/clock.cc", "tests/unit/os/clock_test.cc", "bench/take.cc"):
            with self.subTest(path=path):
                self.holds("banned-call", {path: text})

    def test_tests_may_choose_a_seed_but_never_wait(self):
        self.holds("banned-call", {"tests/unit/limit/a_test.cc": 'auto seed = getenv("SEED") ? 1 : std::random_device{}();\n'})
        self.breaks("banned-call", {"tests/unit/limit/a_test.cc": "using std::chrono::steady_clock; sleep_for(ten);\n"})

    def test_words_that_only_look_alike_pass(self):
        for text in ("// getenv(\"A\")\n", "auto s = \"rand()\";\n", "clock.time();\n", "Retry_time(x);\n",
                     "std::chrono::system_clock::time_point t;\n", "operand(1);\n", "Random random(seed);\n"):
            with self.subTest(text=text):
                self.holds("banned-call", {"src/limit/a.cc": text})


class Exceptions(Rule):
    def test_an_exception_names_its_rule_and_its_reason(self):
        call = "auto y = rand();"
        self.holds("banned-call", {"src/limit/a.cc": f"{call}  // tidy: allow(banned-call) shuffles a demo\n"})
        self.holds("banned-call", {"src/limit/a.cc": f"// tidy: allow(banned-call) shuffles a demo\n{call}\n"})
        self.breaks("banned-call", {"src/limit/a.cc": f"{call}  // tidy: allow(banned-call)\n"})
        self.breaks("banned-call", {"src/limit/a.cc": f"{call}  // tidy: allow(not-built) no\n"})


class IncludeDirection(Rule):
    def test_rooms_look_down_only(self):
        self.holds("include-direction", {"src/limiter/a.cc": '#include "repository/x.h"\n#include "limiter/y.h"\n'})
        self.breaks("include-direction", {"src/limiter/a.cc": '#include "base/x.h"\n#include "engine/x.h"\n'}, line=2)
        self.breaks("include-direction", {"src/base/a.h": HEADER + '#include "os/x.h"\n'})
        self.breaks("include-direction", {"src/engine/a.cc": '#include "records/x.h"\n'})
        self.holds("include-direction", {"src/open/a.cc": '#include "engine/x.h"\n#include "limiter/x.h"\n'})
        self.breaks("include-direction", {"src/open/a.cc": '#include "cli/x.h"\n'})

    def test_only_the_command_line_and_tests_see_the_fakes_and_judges(self):
        self.breaks("include-direction", {"src/limit/a.cc": '#include "testing/simulated_clock.h"\n'})
        self.holds("include-direction", {"src/cli/a.cc": '#include "testing/history_checker.h"\n'})
        self.holds("include-direction", {"tests/unit/limit/a_test.cc": '#include "testing/simulated_clock.h"\n'})
        self.breaks("include-direction", {"src/cli/a.cc": '#include "tests/simulation/world.h"\n'})

    def test_public_headers_show_no_room(self):
        self.breaks("include-direction", {"include/zael/a.h": HEADER + '#include "base/x.h"\n'})
        self.holds("include-direction", {"include/zael/a.h": HEADER + "#include <zael/b.h>\n#include <chrono>\n"})


class UnknownRoom(Rule):
    def test_a_new_room_gets_its_place_first(self):
        self.breaks("unknown-room", {"src/attic/a.cc": "", "src/attic/b.cc": ""})
        self.holds("unknown-room", {"src/limit/a.cc": ""})


class ThirdParty(Rule):
    def test_headers_stay_in_their_adapter(self):
        for header, inside, outside in (
            ("rocksdb/db.h", "src/engine/a.cc", "src/open/a.cc"),
            ("rapidjson/writer.h", "src/json/a.cc", "src/cli/a.cc"),
            ("fmt/format.h", "src/base/format.h", "src/base/text.cc"),
            ("CLI/CLI.hpp", "src/cli/a.cc", "src/json/a.cc"),
            ("xxhash.h", "src/store/item_codec.cc", "src/base/a.cc"),
            ("gtest/gtest.h", "tests/unit/limit/a_test.cc", "src/limit/a.cc"),
            ("benchmark/benchmark.h", "bench/a.cc", "tests/unit/limit/a_test.cc"),
        ):
            with self.subTest(header=header):
                text = f"// Prose.\n#pragma once\n#include <{header}>\n"
                self.holds("third-party", {inside: text})
                self.breaks("third-party", {outside: text}, line=3)


class NotBuilt(Rule):
    def test_every_source_is_named_by_a_recipe_above_it(self):
        files = {"src/cli/replay/a.cc": "", "src/cli/CMakeLists.txt": "x(SOURCES replay/a.cc)", "CMakeLists.txt": ""}
        self.holds("not-built", files)
        self.breaks("not-built", files | {"src/cli/a.cc": ""}, path="src/cli/a.cc")
        self.breaks("not-built", files | {"src/cli/CMakeLists.txt": "x(SOURCES replay/ba.cc)"})

    def test_a_cmake_module_may_name_it_by_its_whole_path(self):
        self.holds("not-built", {"src/cli/main.cc": "", "CMakeLists.txt": "", "cmake/a.cmake": "x(src/cli/main.cc)"})


class TestMirror(Rule):
    def test_a_room_with_code_has_a_test(self):
        self.breaks("test-mirror", {"src/limit/a.cc": "", "src/limit/b.cc": ""})
        self.holds("test-mirror", {"src/limit/a.cc": "", "tests/unit/limit/b_test.cc": ""})
        self.holds("test-mirror", {"src/limit/a.h": HEADER})

    def test_untested_lists_sources_without_a_test_of_their_name(self):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory).resolve()
            for path in ("src/limit/a.cc", "src/limit/b.cc", "tests/unit/limit/b_test.cc"):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text("")
            self.assertEqual(list(tidy.untested(tidy.Tree(root))), ["src/limit/a.cc"])


class DisabledTest(Rule):
    def test_nothing_is_switched_off(self):
        self.breaks("disabled-test", {"tests/unit/limit/a_test.cc": "TEST(A, DISABLED_B) {}\n"})
        self.breaks("disabled-test", {"tests/unit/limit/a_test.cc": "TEST(A, B) { GTEST_SKIP(); }\n"})
        self.holds("disabled-test", {"tests/unit/limit/a_test.cc": "// DISABLED_ is a prefix\nTEST(A, B) {}\n"})


class VagueName(Rule):
    def test_files_and_folders_name_a_concept(self):
        for path in ("src/limit/util.cc", "src/helpers/a.cc", "src/limit/bucket_manager.h", "tests/common/a.cc"):
            with self.subTest(path=path):
                self.breaks("vague-name", {path: HEADER})
        self.holds("vague-name", {"src/limit/utility_model.cc": "", "src/limit/archetypes.cc": "", "docs/limits.md": ""})


class HeaderForm(Rule):
    def test_headers_begin_with_prose_and_are_read_once(self):
        self.breaks("header-form", {"src/limit/a.h": "// Prose.\n"})
        self.breaks("header-form", {"src/limit/a.h": "#pragma once\n"})
        self.holds("header-form", {"src/limit/a.h": HEADER, "src/limit/a.cc": ""})


class OpenEnd(Rule):
    def test_a_todo_says_when(self):
        self.breaks("open-end", {"src/limit/a.cc": "// TODO: faster\n"})
        self.breaks("open-end", {"src/limit/a.cc": "// FIXME\n"})
        self.holds("open-end", {"src/limit/a.cc": "// TODO(when g++ 13 is the floor): std::format\n"})


class Program(unittest.TestCase):
    def run_on(self, files):
        with tempfile.TemporaryDirectory() as directory:
            for path, text in files.items():
                target = pathlib.Path(directory, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
            return subprocess.run([sys.executable, TIDY, "--root", directory], capture_output=True, text=True)

    def test_exit_status_and_text_say_what_was_found(self):
        run = self.run_on({"src/limit/a.h": "// Prose.\n"})
        self.assertEqual(run.returncode, 1)
        self.assertIn("src/limit/a.h:1: header-form: no #pragma once\n", run.stdout)
        self.assertEqual(self.run_on({"src/limit/a.h": HEADER}).returncode, 0)


if __name__ == "__main__":
    unittest.main()
