"""Clients that mean harm, or just behave so: the endpoint refuses or bounds them and goes on serving.

usage: hostile_clients_test.py PROGRAM
"""
import datetime
import http.client
import os
import pathlib
import resource
import selectors
import socket
import time
import unittest

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from served_directory import KEY, ServedDirectory

IDLE_CONNECTIONS = 10_000
MEBIBYTE = 1024 * 1024


class HostileClients(ServedDirectory):
    with_keys = True

    def setUp(self):
        # The endpoint inherits the limit: it needs a file for each connection, and this test one for its other end.
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.files = min(hard, 2 * IDLE_CONNECTIONS) if hard != resource.RLIM_INFINITY else 2 * IDLE_CONNECTIONS
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, self.files), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        super().setUp()
        self.host, port = self.url.removeprefix("http://").split(":")
        self.port = int(port)

    def tearDown(self):
        """Whatever the test did, an honest client is served afterwards."""
        self.assertEqual(self.ask()[0], 200)

    def headers(self, body, secret=KEY[1], at=None, target="ListTables"):
        request = botocore.awsrequest.AWSRequest("POST", self.url + "/", data=body, headers={
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810." + target})
        signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials(KEY[0], secret), "dynamodb", "eu-west-1")
        if at is None:
            signer.add_auth(request)
        else:
            real = botocore.auth.get_current_datetime
            botocore.auth.get_current_datetime = lambda *_, **__: at
            try:
                signer.add_auth(request)
            finally:
                botocore.auth.get_current_datetime = real
        return dict(request.headers)

    def ask(self, body=b"{}", **signing):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request("POST", "/", body, self.headers(body, **signing))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def memory_kib(self):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        self.fail("no VmRSS")

    def test_a_wrong_signature_is_refused(self):
        status, body = self.ask(secret="wrong")
        self.assertEqual(status, 400)
        self.assertIn(b"InvalidSignatureException", body)

    def test_an_old_signature_is_refused(self):
        past = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(minutes=16)
        status, body = self.ask(at=past)
        self.assertEqual(status, 400)
        self.assertIn(b"Signature expired", body)

    def test_a_body_beyond_sixteen_mebibytes_is_refused_before_it_is_read(self):
        status, body = self.ask(b" " * (16 * MEBIBYTE - 2) + b"{}")
        self.assertEqual(status, 200, body)
        for length in (16 * MEBIBYTE + 1, 10**15):
            with socket.create_connection((self.host, self.port), timeout=60) as connection:
                connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length)
                self.assertTrue(connection.recv(4096).startswith(b"HTTP/1.1 413 "), length)

    def test_bodies_of_many_at_once_are_bounded(self):
        """Forty clients announce sixteen mebibytes each: more than the endpoint takes at once."""
        before = self.memory_kib()
        connections, refused = [], 0
        try:
            for _ in range(40):
                connection = socket.create_connection((self.host, self.port), timeout=60)
                connections.append(connection)
                connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (16 * MEBIBYTE))
                connection.settimeout(0.2)
                try:
                    refused += connection.recv(4096).startswith(b"HTTP/1.1 503 ")
                except TimeoutError:
                    pass  # taken: the body is awaited
            self.assertEqual(refused, 40 - 16)
            self.assertLess(self.memory_kib() - before, 300 * 1024)
        finally:
            for connection in connections:
                connection.close()

    def test_headers_without_end_are_refused(self):
        with socket.create_connection((self.host, self.port), timeout=60) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\n" + b"X-Filler: yes\r\n" * 2000)
            self.assertTrue(connection.recv(4096).startswith(b"HTTP/1.1 431 "))

    def test_what_is_not_http_is_refused(self):
        for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", os.urandom(4000) + b"\r\n\r\n"):
            with socket.create_connection((self.host, self.port), timeout=60) as connection:
                connection.sendall(garbage)
                connection.shutdown(socket.SHUT_WR)
                self.assertIn(connection.recv(4096)[:13], (b"HTTP/1.1 400 ", b"HTTP/1.1 431 ", b""))

    def test_json_that_nests_for_ever_is_refused(self):
        status, body = self.ask(b'{"Item":' + b'{"M":{"a":' * 100_000)
        self.assertEqual(status, 400)
        self.assertIn(b"SerializationException", body)

    def test_ten_thousand_idle_connections_are_held_and_others_served(self):
        count = min(IDLE_CONNECTIONS, self.files - 1000)
        before = self.memory_kib()
        connections = []
        try:
            for _ in range(count):
                connections.append(socket.create_connection((self.host, self.port), timeout=60))
            self.assertEqual(self.ask()[0], 200)
            per_connection = (self.memory_kib() - before) / count
            self.assertLess(per_connection, 16, "KiB for each idle connection")
            connections[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertTrue(connections[-1].recv(4096).startswith(b"HTTP/1.1 200 "))
        finally:
            for connection in connections:
                connection.close()

    def test_slow_senders_are_cut_off_and_hold_up_nobody(self):
        """Two hundred connections send a byte now and then (slow loris): each has twenty seconds for a request."""
        slow = [socket.create_connection((self.host, self.port), timeout=60) for _ in range(200)]
        selector = selectors.DefaultSelector()
        for connection in slow:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n")
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ)
        opened = set(slow)
        deadline = time.monotonic() + 60
        while opened and time.monotonic() < deadline:
            self.assertEqual(self.ask()[0], 200)
            for connection in list(opened):
                try:
                    connection.send(b"X")
                except OSError:
                    pass
            for key, _ in selector.select(timeout=1):
                try:
                    ended = key.fileobj.recv(4096) == b""
                except OSError:
                    ended = True
                if ended and key.fileobj in opened:
                    opened.remove(key.fileobj)
                    selector.unregister(key.fileobj)
        self.assertEqual(len(opened), 0, "still open after a minute")
        for connection in slow:
            connection.close()


if __name__ == "__main__":
    unittest.main(argv=["hostile_clients_test"], verbosity=2)
