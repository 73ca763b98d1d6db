"""`replay` against an independent count of the CSV and an independent model of the limits.

usage: replay_test.py PROGRAM TRACE_DIRECTORY
The model follows the arithmetic of the contract in Python's own integers: buckets of child and parent, all or
nothing, debt denies, estimates corrected at once.
"""
import csv
import datetime
import json
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv[1]
TRACES = sorted(pathlib.Path(sys.argv[2]).glob("AzureLLMInferenceTrace_*.csv"))
GUESS = 256
# capacity and burst per minute, as configured below
SYSTEM = {"rpm": (100, 100), "tpm": (100_000, 150_000)}
OWN = {
    "project-1": {"rpm": (400, 400), "tpm": (600_000, 1_200_000)},
    "project-2": {"rpm": (37, 37), "tpm": (61_003, 61_003)},
    "api-key-3": {"tpm": (7_001, 9_000)},
}
PARENT = {"api-key-1": "project-1", "api-key-2": "project-2", "api-key-3": "project-1", "api-key-4": "project-2"}


class Bucket:
    PERIOD = 60_000

    def __init__(self, capacity, burst):
        self.amount, self.burst = capacity * 1000, burst * 1000
        self.tokens, self.last = None, None

    def refilled(self, now, need):
        if self.tokens is None:
            return self.burst, now
        elapsed = now - self.last
        if elapsed <= 0:
            return self.tokens, self.last
        exact = self.amount * elapsed // self.PERIOD
        if self.tokens + exact >= self.burst:
            return self.burst, now
        divisor = math.gcd(self.amount, self.PERIOD)
        steps = elapsed * divisor // self.PERIOD
        whole = self.tokens + steps * (self.amount // divisor)
        if whole < need <= self.tokens + exact:
            return self.tokens + exact, self.last - (-exact * self.PERIOD // self.amount)
        return whole, self.last + steps * (self.PERIOD // divisor)

    def grants(self, now, tokens):
        return tokens * 1000 <= self.burst and self.refilled(now, tokens * 1000)[0] >= tokens * 1000

    def take(self, now, tokens):
        if tokens == 0:
            return
        self.tokens, self.last = self.refilled(now, tokens * 1000)
        self.tokens -= tokens * 1000

    def adjust(self, tokens):
        self.tokens -= tokens * 1000


class Model:
    def __init__(self):
        self.buckets = {}

    def of(self, entity):
        if entity not in self.buckets:
            self.buckets[entity] = {name: Bucket(*pair) for name, pair in OWN.get(entity, SYSTEM).items()}
        return self.buckets[entity]

    def call(self, entity, now, context, generated):
        asked = {"tpm": context + GUESS}
        if "rpm" in OWN.get(entity, SYSTEM):
            asked["rpm"] = 1
        charged = [(bucket, asked.get(name, 0)) for who in (entity, PARENT[entity])
                   for name, bucket in self.of(who).items()]
        if not all(bucket.grants(now, tokens) for bucket, tokens in charged):
            return False
        for bucket, tokens in charged:
            bucket.take(now, tokens)
        for who in (entity, PARENT[entity]):
            self.of(who)["tpm"].adjust(generated - GUESS)
        return True


def epoch_ms(text):
    seconds, _, fraction = text.partition(".")
    moment = datetime.datetime.strptime(seconds, "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) * 1000 + int((fraction + "000")[:3])


class Replay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = pathlib.Path(tempfile.mkdtemp(prefix="zael-replay-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.work, ignore_errors=True)
        cls.environment = {k: v for k, v in os.environ.items() if not k.startswith(("ZAEL_", "AWS_", "XDG_"))}
        cls.environment |= {"ZAEL_DATA_DIR": str(cls.work / "data"), "TMPDIR": str(cls.work)}
        cls.run_program("deploy")
        cls.run_program("system", "set-defaults", *cls.limits(SYSTEM))
        for parent in sorted(set(PARENT.values())):
            cls.run_program("entity", "create", parent)
        for entity, parent in PARENT.items():
            cls.run_program("entity", "create", entity, "--parent", parent, "--cascade")
        for entity, limits in OWN.items():
            cls.run_program("entity", "set-limits", entity, *cls.limits(limits))

    @staticmethod
    def limits(limits):
        return [word for name, (capacity, burst) in limits.items() for word in ("-l", f"{name}:{capacity}/min:{burst}")]

    @classmethod
    def run_program(cls, *words, code=0):
        done = subprocess.run([PROGRAM, *words], env=cls.environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    def replay(self, traces, threads):
        decisions = self.work / "decisions.csv"
        done = self.run_program("replay", *map(str, traces), "--entities", "4", "--threads", str(threads),
                                "--decisions", str(decisions), "--json")
        with open(decisions, newline="") as file:
            return json.loads(done.stdout), list(csv.DictReader(file))

    def check(self, traces):
        calls = []
        for number, trace in enumerate(traces):
            with open(trace, newline="") as file:
                for line, row in enumerate(csv.DictReader(file), start=2):
                    calls.append((row["TIMESTAMP"], number, line, int(row["ContextTokens"]),
                                  int(row["GeneratedTokens"])))
        calls.sort(key=lambda call: call[0])
        for threads in (1, 4, 8):
            with self.subTest(threads=threads):
                answer, decisions = self.replay(traces, threads)
                self.assertEqual(answer["over_admissions"], 0)
                self.assertEqual(answer["calls"], len(calls))
                self.assertEqual(answer["context_tokens"], sum(call[3] for call in calls))
                self.assertEqual(answer["generated_tokens"], sum(call[4] for call in calls))
                self.assertEqual(answer["granted"] + answer["denied"], len(calls))
                self.assertEqual(sum(int(row["granted"]) for row in decisions), answer["granted"])
                self.assertEqual([(int(row["trace"]), int(row["line"]), int(row["time_ms"])) for row in decisions],
                                 [(number, line, epoch_ms(at)) for at, number, line, _, _ in calls])
                if threads == 1:
                    self.compare_with_model(calls, decisions)

    def compare_with_model(self, calls, decisions):
        model = Model()
        expected = [model.call(row["entity"], epoch_ms(call[0]), call[3], call[4])
                    for call, row in zip(calls, decisions)]
        wrong = [row for row, granted in zip(decisions, expected) if (row["granted"] == "1") != granted]
        self.assertEqual(wrong, [])
        self.assertIn(False, expected, "limits that deny nothing show nothing")
        self.assertIn(True, expected)

    def test_a_small_trace_equals_count_and_model(self):
        generator = random.Random(20231116)
        trace = self.work / "small.csv"
        at = datetime.datetime(2023, 11, 16, 18, 17, 3)
        rows = []
        for _ in range(3000):
            at += datetime.timedelta(microseconds=int(generator.expovariate(1 / 150_000)))
            rows.append(f"{at:%Y-%m-%d %H:%M:%S.%f}0,{int(generator.lognormvariate(6.5, 1.2))},"
                        f"{int(generator.lognormvariate(4.8, 1.0))}")
        trace.write_text("\r\n".join(["TIMESTAMP,ContextTokens,GeneratedTokens", *rows]), newline="")
        self.check([trace])

    @unittest.skipUnless(len(TRACES) == 2, "the real traces are not here")
    def test_both_real_traces_equal_count_and_model(self):
        self.check(TRACES)

    def test_live_buckets_are_not_touched(self):
        self.run_program("replay", "--generate", "500", "--entities", "4", "--quiet")
        shown = json.loads(self.run_program("bucket", "show", "api-key-1", "--json").stdout)
        self.assertEqual(shown["buckets"], [])

    def test_a_bad_row_is_named(self):
        trace = self.work / "bad.csv"
        trace.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,ten,1\n")
        done = self.run_program("replay", str(trace), code=2)
        self.assertIn("line 2", done.stderr)
        self.assertIn("'ten'", done.stderr)

    def test_a_trace_repeats_until_the_asked_count(self):
        trace = self.work / "short.csv"
        trace.write_text("TIMESTAMP,ContextTokens,GeneratedTokens,entity,resource\n"
                         "2023-11-16 18:17:03.9799600,10,1,somebody,gpt-5\n")
        done = self.run_program("replay", str(trace), "--calls", "7", "--json")
        answer = json.loads(done.stdout)
        self.assertEqual(answer["calls"], 7)
        self.assertEqual([(row["entity"], row["resource"]) for row in answer["tenants"]], [("somebody", "gpt-5")])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
