import os
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

from patchbay.frames import Frames

ROOT = Path(__file__).resolve().parent.parent


class WorkerTest(unittest.TestCase):
    """The protocol, spoken with a real process from the gateway's side."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.path = os.path.join(self.folder.name, "s")
        self.server.bind(self.path)
        self.server.listen(1)
        self.server.settimeout(20)
        self.process = None

    def tearDown(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.connection.close()
        self.server.close()
        self.folder.cleanup()

    def start(self, code, **order):
        Path(self.folder.name, "code_of_test.py").write_text(textwrap.dedent(code))
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "patchbay", self.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self.process.stdin.write(b"secret %d\n" % os.getpid())
        self.process.stdin.flush()
        self.connection = self.server.accept()[0]
        self.connection.settimeout(20)
        self.frames = Frames(self.connection)
        hello = self.frames.read()
        self.assertEqual(("hello", 1, "secret", self.process.pid), tuple(hello[k] for k in ("type", "protocol", "token", "pid")))
        self.frames.write(
            {
                "type": "load", "task": "t", "version": "1.0.0", "folder": self.folder.name, "module": "code_of_test",
                "class": "M", "config": {"word": "hi"}, "concurrency": 1, "max_frame": 2000, "memory": 0, **order,
            }
        )
        return self.frames.read()

    def ask(self, number, request, remaining_ms=10000):
        self.frames.write({"type": "predict", "id": number, "request": request, "remaining_ms": remaining_ms})

    def test_load_predict_teardown(self):
        loaded = self.start(
            """
            class M:
                def load(self, context): self.word = context.config["word"]
                def predict(self, request: dict) -> dict: return {"said": self.word + request["name"]}
                def teardown(self): print("torn down")
            """
        )
        self.assertEqual({"type": "loaded", "request": {"type": "object"}, "response": {"type": "object"}}, loaded)
        self.ask(7, {"name": "!"})
        self.assertEqual({"type": "answer", "id": 7, "answer": {"said": "hi!"}}, self.frames.read())
        self.frames.write({"type": "teardown"})
        self.assertEqual({"type": "bye"}, self.frames.read())
        self.assertEqual(0, self.process.wait(10))
        self.assertEqual(b"torn down\n", self.process.stdout.read())

    def test_errors_say_their_kind(self):
        self.start(
            """
            from patchbay import Refused
            class M:
                def predict(self, request):
                    if request == "refuse": raise Refused("no", "/x")
                    if request == "raise": raise ValueError("broken")
                    if request == "much": return "x" * 3000
                    return float("inf")
            """
        )
        kinds = {}
        for number, request in enumerate(("refuse", "raise", "much", "inf")):
            self.ask(number, request)
            kinds[request] = self.frames.read()
        self.assertEqual("/x", kinds["refuse"]["path"])
        self.assertIn("ValueError: broken", kinds["raise"]["traceback"])
        self.assertIn("python.max_frame", kinds["much"]["message"])
        self.assertIn("what JSON cannot say", kinds["inf"]["message"])
        self.ask(9, 1, remaining_ms=0)
        self.assertEqual("cancelled", self.frames.read()["kind"])

    def test_a_cancelled_call_can_see_it(self):
        self.start(
            """
            import time
            class M:
                def predict(self, request, call):
                    print("begun")
                    while not call.cancelled: time.sleep(0.005)
                    return "left"
            """
        )
        self.ask(1, None)
        self.assertEqual(b"begun\n", self.process.stdout.readline())
        self.frames.write({"type": "cancel", "id": 1})
        self.assertEqual("left", self.frames.read()["answer"])

    def test_what_does_not_start_says_why(self):
        failed = self.start("class M:\n    def predict(self, request) return 1\n")
        self.assertEqual(("failed", "import"), (failed["type"], failed["stage"]))
        self.assertIn("SyntaxError", failed["message"])
        self.assertEqual(1, self.process.wait(10))

    def test_it_ends_with_its_gateway(self):
        self.start("class M:\n    def predict(self, request): return 1\n")
        self.connection.shutdown(socket.SHUT_RDWR)
        self.assertEqual(1, self.process.wait(10))

    def test_a_frame_is_a_length_and_json(self):
        self.start("class M:\n    def predict(self, request): return request\n")
        body = '{"type":"predict","id":1,"request":"größe","remaining_ms":1000}'.encode()
        self.connection.sendall(struct.pack(">I", len(body))[:2])
        self.connection.sendall(struct.pack(">I", len(body))[2:] + body)
        self.assertEqual("größe", self.frames.read()["answer"])


if __name__ == "__main__":
    unittest.main()
