"""The program as a shell sees it. usage: cli_test.py PROGRAM APPLICATION"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM, APPLICATION = sys.argv[1:3]


class Shell(unittest.TestCase):
    """Each test has a data directory of its own and none of the caller's environment."""

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="zael-cli-test-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.data = self.work / "data"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("ZAEL_", "AWS_", "XDG_"))}
        self.environment |= {"ZAEL_NAME": "demo", "ZAEL_DATA_DIR": str(self.data), "TMPDIR": str(self.work)}

    def start(self, *words):
        return subprocess.Popen([PROGRAM, *words], env=self.environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def run_program(self, *words, code=0):
        process = self.start(*words)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, code, f"{words}: {out} {err}")
        return out, err

    def document(self, *words, code=0):
        out, err = self.run_program(*words, "--json", code=code)
        self.assertEqual(err, "")
        return json.loads(out)

    def failure(self, *words, code):
        out, err = self.run_program(*words, "--json", code=code)
        self.assertEqual(out, "")
        error = json.loads(err)["error"]
        self.assertEqual(error["exit_code"], code)
        _, plain = self.run_program(*words, code=code)
        self.assertTrue(plain.startswith("error: "), plain)
        if error["try"]:
            self.assertIn("\ntry: ", plain)
        return error


class Interrupts(Shell):
    """Ctrl-C ends a long command with what it has; the table stays as every answered call left it."""

    def interrupt(self, *words, when):
        process = self.start(*words, "--json")
        self.addCleanup(process.kill)
        deadline = time.monotonic() + 60
        while not when():  # until it is under way
            self.assertIsNone(process.poll(), "ended by itself")
            self.assertLess(time.monotonic(), deadline, "never got under way")
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130, f"{out} {err}")
        return json.loads(out)

    def log_bytes(self):
        total = 0
        for log in (self.data / "db").glob("*.log"):
            with contextlib.suppress(FileNotFoundError):  # opening moves logs into the archive
                total += log.stat().st_size
        return total

    def test_a_repeated_acquire_reports_the_calls_made(self):
        self.run_program("deploy")
        limit = "rps:10000000/31536000s"  # refills one in three seconds
        before = self.log_bytes()
        answer = self.interrupt("acquire", "key", "api", "-c", "rps=1", "-l", limit, "--repeat",
                                "10000000", "--threads", "2", when=lambda: self.log_bytes() > before + 10_000)
        self.assertGreater(answer["calls_granted"], 0)
        left = self.document("available", "key", "api", "-l", limit)
        taken = 10_000_000 - left["available"][0]["available"]
        self.assertLessEqual(taken, answer["calls_granted"])
        self.assertGreaterEqual(taken, answer["calls_granted"] - 100)

    def test_a_replay_in_real_time_reports_what_it_saw(self):
        trace = self.work / "trace.csv"
        rows = "".join(f"2026-01-01 00:{minute:02}:00,100,10\n" for minute in range(10))
        trace.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n" + rows)
        scratch = lambda: any(self.work.rglob("db/*.log"))
        answer = self.interrupt("replay", str(trace), "--temporary", "-l", "tpm:100000", "--speed", "realtime",
                                when=scratch)
        self.assertTrue(answer["interrupted"])
        self.assertLess(answer["calls"], 10)


class ExitCodes(Shell):
    def test_0_and_1_granted_and_denied(self):
        self.run_program("deploy")
        words = ("acquire", "key", "api", "-c", "rps=3", "-l", "rps:5/day")
        self.assertTrue(self.document(*words)["granted"])
        denied = self.document(*words, code=1)
        self.assertFalse(denied["granted"])
        self.assertEqual(denied["limits"][0]["available"], 2)
        self.assertGreater(denied["retry_after_ms"], 0)
        never = self.document("acquire", "key", "api", "-c", "rps=6", "-l", "rps:5/day", code=1)
        self.assertIsNone(never["retry_after_ms"])

    def test_2_bad_usage_names_the_nearest_word(self):
        self.assertEqual(self.failure("dploy", code=2)["try"], "zae-limiter deploy")
        self.run_program("deploy")
        self.run_program("system", "set-defaults", "-l", "rpm:100", "-l", "tpm:1000")
        error = self.failure("acquire", "key", "api", "-c", "tmp=1", code=2)
        self.assertIn("tpm", error["try"])
        for words in (["acquire", "key", "api"], ["acquire", "key", "api", "-c", "rpm=-1"],
                      ["acquire", "ke#y", "api", "-c", "rpm=1"], ["system", "set-defaults", "-l", "rpm:0"],
                      ["status", "--name", "no spaces"], ["status", "--timeout", "soon"],
                      ["status", "--store", "embedded", "--region", "eu-west-1"],
                      ["status", "--region", "no region"], ["status", "--endpoint-url", "localhost"]):
            self.failure(*words, code=2)
        out, err = self.run_program("entity", code=2)
        self.assertEqual(out, "")
        self.assertIn("Usage: zae-limiter entity", err)

    def test_3_not_found_with_the_line_that_makes_it(self):
        error = self.failure("status", code=3)
        self.assertEqual(error["code"], "not_found")
        self.assertIn("zae-limiter deploy", error["try"])
        self.assertFalse(self.data.exists(), "a failed look must not make a directory")
        self.run_program("deploy")
        self.failure("entity", "show", "nobody", code=3)
        self.run_program("entity", "create", "key")
        self.failure("entity", "create", "key", code=3)
        self.failure("resource", "delete-defaults", "api", code=3)

    def test_4_a_protected_table_stays(self):
        self.run_program("deploy")
        self.assertIn("--deletion-protection off", self.failure("delete", "--yes", code=4)["try"])
        self.run_program("status")
        self.run_program("deploy", "--deletion-protection", "off")
        self.failure("delete", code=2)
        self.assertEqual(self.document("delete", "--yes")["deleted"], "ZAEL-demo")
        self.failure("status", code=3)

    def test_6_no_access(self):
        if os.geteuid() == 0:
            self.skipTest("root may do everything")
        self.run_program("deploy")
        self.data.chmod(0)
        self.addCleanup(self.data.chmod, 0o700)
        self.failure("status", code=6)


class Documents(Shell):
    def test_every_command_answers_one_json_document(self):
        for words in (["deploy"], ["status"], ["list"], ["version"],
                      ["system", "set-defaults", "-l", "rpm:100", "--on-unavailable", "allow"],
                      ["system", "get-defaults"], ["resource", "set-defaults", "gpt-4", "-l", "rpm:10"],
                      ["resource", "get-defaults", "gpt-4"], ["resource", "list"],
                      ["entity", "create", "team", "--label", "Team"],
                      ["entity", "create", "key", "--parent", "team", "--cascade", "-m", "a=b"],
                      ["entity", "show", "key"], ["entity", "list"], ["entity", "children", "team"],
                      ["entity", "update", "key", "--cascade", "off"],
                      ["entity", "set-limits", "key", "-l", "rpm:5"], ["entity", "get-limits", "key"],
                      ["acquire", "key", "gpt-4", "-c", "rpm=1", "--adjust", "rpm=+1"],
                      ["available", "key", "gpt-4"], ["explain", "key", "gpt-4"], ["bucket", "show", "key"],
                      ["bucket", "reset", "key"], ["audit", "list", "key"], ["entity", "delete-limits", "key"],
                      ["entity", "delete", "key"], ["resource", "delete-defaults", "gpt-4"],
                      ["system", "delete-defaults"], ["completion", "bash"],
                      ["replay", "--generate", "200", "--temporary", "-l", "tpm:100000", "--threads", "2"]):
            with self.subTest(words=words):
                self.assertIsInstance(self.document(*words), dict)

    def test_what_was_set_is_what_is_shown(self):
        self.run_program("deploy")
        self.run_program("entity", "set-limits", "key", "-r", "gpt-4", "-l", "tpm:10000/min:50000")
        limit = self.document("entity", "get-limits", "key", "-r", "gpt-4")["limits"][0]
        self.assertEqual((limit["capacity"], limit["burst"], limit["refill_period_seconds"]), (10000, 50000, 60))
        self.assertEqual(self.document("explain", "key", "gpt-4")["winner"], "entity+resource")
        self.document("acquire", "key", "gpt-4", "-c", "tpm=100", "--adjust", "tpm=+20")
        bucket = self.document("bucket", "show", "key")["buckets"][0]
        self.assertEqual(bucket["total_consumed_milli"], "120000")
        self.assertEqual(self.document("bucket", "reset", "key")["reset"], 1)
        actions = [event["action"] for event in self.document("audit", "list", "key")["events"]]
        self.assertEqual(actions, ["buckets_reset", "limits_set"])

    def test_first_line_of_deploy_and_status_says_which_store_and_why(self):
        for words in (["deploy"], ["status"]):
            first = self.run_program(*words)[0].splitlines()[0]
            self.assertEqual(first.split(" (")[0], f"store: embedded engine in {self.data}")
            self.assertIn("ZAEL_DATA_DIR", first)

    def test_plain_text_has_no_escape_sequences(self):
        self.run_program("deploy")
        out, _ = self.run_program("entity", "list", "--quiet")
        self.assertEqual(out, "id\tname\tparent\tcascade\tmetadata\tcreated_at\n")

    def test_completion_scripts_are_accepted_by_their_shells(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.run_program("completion", shell)[0]
            self.assertIn("entity", script)
            if shutil.which(shell):
                subprocess.run([shell, "-n"], input=script, text=True, check=True)


class SharedDirectory(Shell):
    """Two command-line processes and an application on one data directory."""

    def application(self, calls, hold_ms, lock_timeout_ms):
        return subprocess.Popen([APPLICATION, str(self.data), str(calls), str(hold_ms), str(lock_timeout_ms)],
                                stdout=subprocess.PIPE, text=True)

    def test_nobody_fails_for_the_lock_and_exactly_the_limit_is_granted(self):
        self.run_program("deploy")
        self.run_program("system", "set-defaults", "-l", "rpd:100/day")
        application = self.application(60, 200, 60_000)
        clients = [self.start("acquire", "shared", "api", "-c", "rpd=1", "--repeat", "60", "--threads", "2",
                              "--timeout", "60s", "--json") for _ in range(2)]
        granted = 0
        for client in clients:
            out, err = client.communicate(timeout=120)
            self.assertEqual(err, "")
            granted += json.loads(out)["calls_granted"]
        lines = application.communicate(timeout=120)[0].split()
        self.assertEqual(application.returncode, 0, lines)
        self.assertEqual(granted + int(lines[-1]), 100)

    def test_5_says_who_holds_the_directory(self):
        self.run_program("deploy")
        application = self.application(0, 600_000, 10_000)
        self.addCleanup(application.stdout.close)
        self.addCleanup(application.wait)
        self.addCleanup(application.kill)
        self.assertEqual(application.stdout.readline(), "open\n")
        error = self.failure("status", "--timeout", "50ms", code=5)
        self.assertEqual(error["code"], "unavailable")
        self.assertRegex(error["message"], rf"\b{application.pid}\b")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
