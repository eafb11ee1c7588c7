"""The process that runs a module for the gateway: ``python -m patchbay SOCKET``.

It connects to the gateway's socket, says the token that it read from its standard input, is told what to load, and
answers requests until the gateway says ``teardown`` or is gone. Standard output and error are the module's log.
"""

import ctypes
import importlib
import inspect
import os
import queue
import signal
import socket
import sys
import threading
import traceback
import typing
from typing import Any, Dict, Optional

from . import schema
from .frames import PROTOCOL, Frames, NoJson, TooLarge
from .module import Call, Context, Refused

_PR_SET_PDEATHSIG = 1


def _die_with(parent: int) -> None:
    """Lets the kernel end this process with the gateway, also while a native library holds the interpreter."""
    if sys.platform.startswith("linux"):
        try:
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        except (OSError, AttributeError):
            pass  # the end of the socket is seen all the same
    if os.getppid() == 1 and parent != 1:
        os._exit(1)  # it was gone before the kernel was asked


def _limit(memory: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


class _Stage(Exception):
    """Says in which stage starting failed."""

    def __init__(self, stage: str):
        super().__init__(stage)
        self.stage = stage


class _Module:
    """The author's object, called with as many arguments as it takes."""

    def __init__(self, order: Dict[str, Any]):
        sys.path.insert(0, order["folder"])
        try:
            made = getattr(importlib.import_module(order["module"]), order["class"], None)
        except BaseException as error:
            raise _Stage("import") from error
        if made is None:
            raise _Stage("import") from AttributeError(
                "%s.py has no class %s" % (order["module"].replace(".", "/"), order["class"])
            )
        try:
            self.instance = made()
            self._identity(order)
            if hasattr(self.instance, "load"):
                context = Context(order["task"], order["version"], order["folder"], order["config"])
                self._call(self.instance.load, context)
        except BaseException as error:
            raise _Stage("load") from error
        try:
            self._signature()
        except BaseException as error:
            raise _Stage("schema") from error

    def _identity(self, order: Dict[str, Any]) -> None:
        for attribute, wanted in (("task_name", order["task"]), ("version", order["version"])):
            found = getattr(self.instance, attribute, None)
            found = found() if callable(found) else found
            if found is not None and found != wanted:
                raise ValueError("%s says %s = %r, but module.yaml says %r" % (order["class"], attribute, found, wanted))
        if not callable(getattr(self.instance, "predict", None)):
            raise TypeError("%s has no method predict" % order["class"])

    @staticmethod
    def _call(method: Any, *arguments: Any) -> Any:
        takes = inspect.signature(method).parameters.values()
        if any(each.kind is each.VAR_POSITIONAL for each in takes):
            return method(*arguments)
        count = sum(each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in takes)
        return method(*arguments[:count])

    def _signature(self) -> None:
        predict = self.instance.predict
        parameters = list(inspect.signature(predict).parameters.values())
        if not parameters:
            raise TypeError("predict takes no request")
        hints = typing.get_type_hints(predict, include_extras=True)
        self.takes = hints.get(parameters[0].name, Any)
        self.request = schema.of(self.takes)
        self.response = schema.of(hints.get("return", Any))

    def predict(self, request: Any, call: Call) -> Any:
        return self._call(self.instance.predict, schema.read(self.takes, request), call)

    def teardown(self) -> None:
        if hasattr(self.instance, "teardown"):
            self.instance.teardown()


class Worker:
    """The life of the process: requests come in by one thread and are answered by ``concurrency`` others, of which the
    main thread is one."""

    def __init__(self, frames: Frames):
        self._frames = frames
        self._waiting: "queue.SimpleQueue[Optional[Dict[str, Any]]]" = queue.SimpleQueue()
        self._calls: Dict[int, Call] = {}
        self._lock = threading.Lock()
        self._module: Optional[_Module] = None
        self._concurrency = 1

    def run(self, token: str) -> int:
        self._frames.write(
            {
                "type": "hello",
                "protocol": PROTOCOL,
                "token": token,
                "pid": os.getpid(),
                "python": "%d.%d.%d" % sys.version_info[:3],
            }
        )
        order = self._frames.read()
        if order is None:
            return 1
        self._frames.limit = order["max_frame"]
        self._concurrency = order["concurrency"]
        try:
            _limit(order["memory"])
            self._module = _Module(order)
        except _Stage as failed:
            self._failed(failed.stage, failed.__cause__)
            return 1
        except Exception as error:
            self._failed("start", error)
            return 1
        self._frames.write({"type": "loaded", "request": self._module.request, "response": self._module.response})
        threading.Thread(target=self._read, name="patchbay-read", daemon=True).start()
        others = [
            threading.Thread(target=self._answer, name="patchbay-predict-%d" % i, daemon=True)
            for i in range(1, self._concurrency)
        ]
        for other in others:
            other.start()
        self._answer()
        for other in others:
            other.join()
        try:
            self._module.teardown()
        except Exception:
            traceback.print_exc()
        self._frames.write({"type": "bye"})
        return 0

    def _failed(self, stage: str, error: Optional[BaseException]) -> None:
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__ if error else None))
        self._frames.write(
            {"type": "failed", "stage": stage, "message": _words(error), "traceback": text[-8000:]},
        )

    def _read(self) -> None:
        while True:
            try:
                frame = self._frames.read()
            except (OSError, ValueError):
                frame = None
            if frame is None:
                os._exit(1)  # the gateway is gone: nobody waits for anything
            kind = frame["type"]
            if kind == "predict":
                with self._lock:
                    self._calls[frame["id"]] = Call(frame)
                self._waiting.put(frame)
            elif kind == "cancel":
                with self._lock:
                    call = self._calls.get(frame["id"])
                if call is not None:
                    call._cancel()
            elif kind == "teardown":
                for _ in range(self._concurrency):
                    self._waiting.put(None)

    def _answer(self) -> None:
        while True:
            frame = self._waiting.get()
            if frame is None:
                return
            number = frame["id"]
            try:
                self._frames.write(self._answered(number, frame), schema.plain)
            except NoJson as error:
                self._frames.write(_error(number, "exception", "predict gave what JSON cannot say: %s" % error))
            except TooLarge as error:
                self._frames.write(_error(number, "exception", "predict gave %s" % error))
            except OSError:
                os._exit(1)
            finally:
                with self._lock:
                    self._calls.pop(number, None)

    def _answered(self, number: int, frame: Dict[str, Any]) -> Dict[str, Any]:
        with self._lock:
            call = self._calls[number]
        if call.cancelled:
            return _error(number, "cancelled", "nobody waits any more")
        try:
            return {"type": "answer", "id": number, "answer": self._module.predict(frame["request"], call)}
        except Refused as refused:
            return dict(_error(number, "refused", str(refused)), path=refused.path)
        except Exception as error:
            return dict(_error(number, "exception", _words(error)), traceback=traceback.format_exc()[-8000:])


def _words(error: Optional[BaseException]) -> str:
    if isinstance(error, SyntaxError):
        return "SyntaxError: %s (%s, line %s)" % (error.msg, os.path.basename(error.filename or "?"), error.lineno)
    return ("%s: %s" % (type(error).__name__, error))[:1000]


def _error(number: int, kind: str, message: str) -> Dict[str, Any]:
    return {"type": "error", "id": number, "kind": kind, "message": message[:1000]}


def main() -> int:
    token, parent = sys.stdin.readline().split()
    _die_with(int(parent))
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(sys.argv[1])
    # a module has nothing to read here, and must not wait for it
    sys.stdin = open(os.devnull)
    return Worker(Frames(connection)).run(token)
