"""DynamoDbLocal: Amazon's DynamoDB Local on a port of its own, in memory, ended by whoever started it."""
import os
import pathlib
import socket
import subprocess
import time

PORTS_TRIED = 5


def home():
    """Where tools/install-dynamodb-servers puts it."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    servers = pathlib.Path(os.environ.get("ZAEL_DYNAMODB_SERVERS") or cache / "zael-dynamodb-servers")
    return servers / "dynamodb-local"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listens(port):
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


class DynamoDbLocal:
    """`url` is where it listens, of one account and region for everybody."""

    def __init__(self):
        for _ in range(PORTS_TRIED):  # somebody else may take the port first
            port = free_port()
            self.process = subprocess.Popen(
                ["java", f"-Djava.library.path={home()}/DynamoDBLocal_lib", "-Xmx1g", "-jar",
                 f"{home()}/DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while self.process.poll() is None and not listens(port):
                time.sleep(0.05)
            if self.process.poll() is None:
                self.url = f"http://127.0.0.1:{port}"
                return
        raise RuntimeError(f"DynamoDB Local in {home()} did not start: run tools/install-dynamodb-servers")

    def end(self):
        self.process.kill()
        self.process.wait()
