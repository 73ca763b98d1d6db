"""`zae-limiter local` as a shell sees it. usage: local_test.py PROGRAM"""
import os
import signal
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from served_directory import PROGRAM, ServedDirectory


class Local(ServedDirectory):
    served = False

    def test_up_serves_until_down_and_status_says_so(self):
        self.assertEqual(self.document("local", "status", code=1)["running"], False)
        answer = self.up()
        with urllib.request.urlopen(answer["url"] + "/") as response:
            self.assertEqual(response.read(), b"healthy: dynamodb.us-east-1.amazonaws.com ")
        status = self.document("local", "status")
        self.assertEqual((status["running"], status["healthy"]), (True, True))
        self.assertEqual((status["url"], status["pid"]), (answer["url"], answer["pid"]))
        self.assertTrue(answer["url"].startswith("http://127.0.0.1:"))
        self.assertEqual(self.document("local", "down")["pid"], self.pid)
        self.assertEqual(self.document("local", "status", code=1)["running"], False)
        with self.assertRaises(OSError):
            urllib.request.urlopen(answer["url"] + "/")
        self.assertEqual(self.failure("local", "down", code=3)["code"], "not_found")

    def test_the_directory_is_free_and_whole_after_down(self):
        self.run_program("deploy")
        self.up()
        self.run_program("local", "down")
        self.assertTrue(self.document("status")["healthy"])

    def test_commands_go_through_the_endpoint_while_it_serves(self):
        self.up("--log-requests")
        self.run_program("deploy")
        self.assertEqual([limiter["name"] for limiter in self.document("list")["limiters"]], ["demo"])
        self.run_program("system", "set-defaults", "-l", "rpm:10/24h")
        self.run_program("entity", "create", "key-1")
        self.assertTrue(self.document("acquire", "key-1", "api", "-c", "rpm=4")["granted"])
        self.assertEqual(self.document("available", "key-1", "api")["available"][0]["available"], 6)
        self.run_program("acquire", "key-1", "api", "-c", "rpm=7", code=1)
        self.assertIn("DynamoDB_20120810.TransactWriteItems 200", self.run_program("local", "logs")[0])
        self.run_program("local", "down")
        self.assertEqual(self.document("available", "key-1", "api")["available"][0]["available"], 6)

    def test_deploy_and_status_say_what_they_went_through(self):
        url = self.up()["url"]
        for command in ("deploy", "status"):
            first = self.run_program(command)[0].splitlines()[0]
            self.assertTrue(first.startswith(f"store: embedded engine in {self.data}, through {url} ("), first)
        self.run_program("local", "down")
        first = self.run_program("status")[0].splitlines()[0]
        self.assertTrue(first.startswith(f"store: embedded engine in {self.data} ("), first)

    def test_an_endpoint_on_this_machine_needs_no_keys_and_no_region(self):
        url = self.up()["url"]
        self.environment["HOME"] = str(self.work)  # without ~/.aws
        for name in [name for name in self.environment if name.startswith("AWS_")]:
            del self.environment[name]
        self.run_program("deploy", "--endpoint-url", url)
        first = self.run_program("status", "--endpoint-url", url)[0].splitlines()[0]
        self.assertTrue(first.startswith(f"store: DynamoDB at {url} ("), first)

    def test_a_second_up_names_the_first(self):
        answer = self.up()
        error = self.failure("local", "up", code=4)
        self.assertIn(answer["url"], error["message"])
        self.assertIn("local down", error["try"])

    def test_in_the_foreground_it_ends_gracefully_on_an_interrupt(self):
        for ending in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([PROGRAM, "local", "up"], env=self.environment, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True)
            first = process.stdout.readline()
            self.assertIn("url\thttp://127.0.0.1:", first + process.stdout.readline())
            process.send_signal(ending)
            out, err = process.communicate(timeout=60)
            self.assertEqual((process.returncode, err), (0, ""), out)
        logs, _ = self.run_program("local", "logs")
        self.assertIn("stopped\n", logs)
        self.assertEqual(logs.count(" serving "), 2)

    def test_killed_it_leaves_the_directory_free(self):
        self.up()
        os.kill(self.pid, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while self.document_or_none("local", "status"):
            self.assertLess(time.monotonic(), deadline)
        self.run_program("deploy")
        self.up()

    def test_a_port_that_is_taken_is_said_so(self):
        port = self.up()["url"].rsplit(":", 1)[1]
        other = str(self.work / "other")
        error = self.failure("local", "up", "--detach", "--data-dir", other, "--port", port, code=5)
        self.assertIn("Address already in use", error["message"])
        error = self.failure("local", "up", "--data-dir", other, "--port", port, code=5)
        self.assertIn("Address already in use", error["message"])

    def test_others_are_let_in_only_with_keys(self):
        error = self.failure("local", "up", "--host", "0.0.0.0", code=2)
        self.assertIn("keys are needed", error["message"])
        keys = self.work / "keys"
        keys.write_text("only-an-id\n")
        error = self.failure("local", "up", "--keys", str(keys), code=2)
        self.assertIn("line 1", error["message"])
        self.assertNotIn("only-an-id", error["message"])

    def test_logs_show_who_cannot_get_in_and_never_a_key(self):
        self.with_keys = True
        self.up("--log-requests")
        request = urllib.request.Request(self.url, b"{}", {
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables",
            "X-Amz-Date": "20260101T000000Z",
            "Authorization": "AWS4-HMAC-SHA256 Credential=SOMEKEY/20260101/r/dynamodb/aws4_request, "
                             "SignedHeaders=host, Signature=00"})
        with self.assertRaises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(request)
        self.assertEqual(raised.exception.code, 400)
        logs, _ = self.run_program("local", "logs", "--lines", "5")
        self.assertIn("DynamoDB_20120810.ListTables 400 InvalidSignatureException", logs)
        self.assertNotIn("SOMEKEY", logs)


if __name__ == "__main__":
    unittest.main(argv=["local_test"], verbosity=2)
