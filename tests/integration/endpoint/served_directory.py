"""ServedDirectory: a data directory of a test's own and the endpoint that serves it."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv[1]
KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMIexample")


class ServedDirectory(unittest.TestCase):
    """Each test has a data directory, an endpoint on a port the system picks, none of the caller's environment."""

    served = True
    with_keys = False

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="zael-endpoint-test-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.data = self.work / "data"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZAEL_", "AWS_", "XDG_"))}
        self.environment = kept | {
            "ZAEL_NAME": "demo", "ZAEL_DATA_DIR": str(self.data), "TMPDIR": str(self.work), "HOME": str(self.work),
            "AWS_ACCESS_KEY_ID": KEY[0], "AWS_SECRET_ACCESS_KEY": KEY[1], "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1"}
        self.addCleanup(self.end)
        self.pid = None
        if self.served:
            self.up()

    def run_program(self, *words, code=0):
        process = subprocess.run([PROGRAM, *words], env=self.environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(process.returncode, code, f"{words}: {process.stdout} {process.stderr}")
        return process.stdout, process.stderr

    def document(self, *words, code=0):
        out, err = self.run_program(*words, "--json", code=code)
        self.assertEqual(err, "")
        return json.loads(out)

    def failure(self, *words, code):
        out, err = self.run_program(*words, "--json", code=code)
        self.assertEqual(out, "")
        return json.loads(err)["error"]

    def up(self, *words):
        if self.with_keys:
            keys = self.work / "keys"
            keys.write_text(f"# for tests\n{KEY[0]} {KEY[1]}\n")
            words += ("--keys", str(keys))
        answer = self.document("local", "up", "--detach", *words)
        self.pid, self.url = int(answer["pid"]), answer["url"]
        return answer

    def end(self):
        """Whatever still serves the directory ends with the test, by its id."""
        if self.pid is not None and self.document_or_none("local", "status"):
            subprocess.run([PROGRAM, "local", "down"], env=self.environment, capture_output=True, timeout=60)

    def document_or_none(self, *words):
        process = subprocess.run([PROGRAM, *words, "--json"], env=self.environment, capture_output=True, text=True,
                                 timeout=60)
        return json.loads(process.stdout) if process.returncode == 0 else None
