"""The commands of docs/endpoint.md, run as they stand. usage: docs_test.py PROGRAM"""
import os
import pathlib
import re
import subprocess
import sys
import unittest

from served_directory import PROGRAM, ServedDirectory

PAGE = pathlib.Path(__file__).parents[3] / "docs" / "endpoint.md"


class Docs(ServedDirectory):
    served = False

    def test_every_block_of_commands_runs(self):
        blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
        self.assertGreaterEqual(len(blocks), 2)
        outputs = []
        for block in blocks:
            # Whatever fails, what the block started ends with it.
            script = f"set -euo pipefail\ntrap 'zae-limiter local down >/dev/null 2>&1 || true' EXIT\n{block}"
            path = os.pathsep.join([str(pathlib.Path(PROGRAM).parent), str(pathlib.Path(sys.executable).parent),
                                    self.environment["PATH"]])
            process = subprocess.run(["bash", "-c", script], env=self.environment | {"PATH": path}, text=True,
                                     capture_output=True, timeout=300)
            self.assertEqual(process.returncode, 0, f"{block}\n{process.stdout}\n{process.stderr}")
            outputs.append(process.stdout)
        self.assertIn("ZAEL-demo", outputs[0])
        self.assertIn("#LIMIT#rpm", outputs[0])


if __name__ == "__main__":
    unittest.main(argv=["docs_test"], verbosity=2)
