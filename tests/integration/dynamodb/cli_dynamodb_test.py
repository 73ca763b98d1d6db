"""The program on DynamoDB, as a shell sees it: every command by --endpoint-url, and many processes on one hot key.

usage: cli_dynamodb_test.py PROGRAM SERVE_MOTO
The server is moto's, which tools/install-dynamodb-servers installs, or the one at ZAEL_TEST_DYNAMODB_URL.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SERVE_MOTO = sys.argv[1:3]


def moto_python():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    return pathlib.Path(os.environ.get("ZAEL_DYNAMODB_SERVERS") or cache / "zael-dynamodb-servers") / "venv/bin/python"


class OnDynamo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.url = os.environ.get("ZAEL_TEST_DYNAMODB_URL", "")
        if cls.url:
            return
        server = subprocess.Popen([moto_python(), SERVE_MOTO], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  text=True)
        cls.addClassCleanup(server.stdout.close)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.kill)
        port = server.stdout.readline().strip()
        assert port, "moto did not start: run tools/install-dynamodb-servers"
        cls.url = f"http://127.0.0.1:{port}"

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="zael-cli-dynamodb-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZAEL_", "AWS_", "XDG_"))}
        self.environment = kept | {"HOME": str(self.work), "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "x"}
        self.name = "t" + self.id().rsplit("_", 1)[1]
        self.where = ["--name", self.name, "--endpoint-url", self.url, "--timeout", "60s"]

    def start(self, *words):
        return subprocess.Popen([PROGRAM, *words], env=self.environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def run_program(self, *words, code=0):
        process = self.start(*words, *self.where)
        out, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, code, f"{words}: {out} {err}")
        return out, err

    def document(self, *words, code=0):
        out, _ = self.run_program(*words, "--json", code=code)
        return json.loads(out)

    def test_the_first_line_says_which_store_and_why_story(self):
        error = json.loads(self.run_program("status", "--json", code=3)[1])["error"]
        self.assertIn("deploy", error["try"])
        self.assertIn("--endpoint-url", error["try"])
        first_line = self.run_program("deploy")[0].splitlines()[0]
        self.assertEqual(first_line, f"store: DynamoDB at {self.url} (--endpoint-url)")
        status = self.document("status")
        self.assertEqual((status["store"], status["store_place"]), ("dynamodb", f"at {self.url}"))
        self.assertTrue(status["healthy"], status)
        self.assertIn(self.name, [limiter["name"] for limiter in self.document("list")["limiters"]])

    def test_a_limiter_lives_its_life_on_dynamodb_life(self):
        self.run_program("deploy")
        self.run_program("system", "set-defaults", "-l", "rpm:100", "-l", "tpm:1000")
        self.run_program("entity", "create", "project-1")
        self.run_program("entity", "set-limits", "project-1", "-l", "rpm:300/day", "-l", "tpm:60000/day")
        self.run_program("entity", "create", "key-1", "--parent", "project-1", "--cascade")
        granted = self.document("acquire", "key-1", "gpt-4", "-c", "rpm=1,tpm=500", "--adjust", "tpm=+120")
        self.assertTrue(granted["granted"])
        self.assertFalse(self.document("acquire", "key-1", "gpt-4", "-c", "tpm=900", code=1)["granted"])
        children = self.document("entity", "children", "project-1")
        self.assertIn("key-1", json.dumps(children))
        self.assertIn("entity_created", json.dumps(self.document("audit", "list", "project-1")))
        self.run_program("bucket", "show", "project-1")
        self.run_program("delete", "--yes", code=4)
        self.run_program("deploy", "--deletion-protection", "off")
        self.run_program("delete", "--yes")
        self.run_program("status", code=3)

    def test_P1_eight_processes_of_eight_threads_get_exactly_the_limit_hot(self):
        limit = 100
        self.run_program("deploy")
        self.run_program("system", "set-defaults", "-l", f"rpd:{limit}/day")
        words = ["acquire", "hot", "api", "-c", "rpd=1", "--repeat", "24", "--threads", "8", "--json", *self.where]
        processes = [self.start(*words) for _ in range(8)]
        granted = 0
        for process in processes:
            out, err = process.communicate(timeout=600)
            self.assertIn(process.returncode, (0, 1), f"{out} {err}")
            granted += json.loads(out)["calls_granted"]
        # A token of this limit refills in 864 seconds: none while the test runs.
        self.assertEqual(granted, limit)

    def test_P17_what_is_no_table_is_not_called_one_access(self):
        del self.environment["AWS_ACCESS_KEY_ID"], self.environment["AWS_SECRET_ACCESS_KEY"]
        self.environment |= {"AWS_EC2_METADATA_DISABLED": "true"}
        self.where = ["--name", self.name, "--region", "eu-west-1"]  # an endpoint on this machine needs no keys
        self.run_program("status", code=6)
        self.environment |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "x"}
        self.where = ["--endpoint-url", "http://127.0.0.1:1", "--timeout", "200ms"]
        self.run_program("status", code=5)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
