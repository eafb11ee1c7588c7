"""Frames: the length in four bytes, big-endian, and then that many bytes of JSON in UTF-8."""

import json
import socket
import struct
import threading
from typing import Any, Callable, Dict, Optional

PROTOCOL = 1


class TooLarge(Exception):
    """A frame that is longer than the gateway takes."""


class NoJson(Exception):
    """A value that JSON cannot say."""


class Frames:
    """Both ways of the socket to the gateway. Writing may be done by many threads, reading by one."""

    def __init__(self, connection: socket.socket):
        self._connection = connection
        self._reading = connection.makefile("rb", buffering=1 << 16)
        self._writing = threading.Lock()
        self.limit = 1 << 20

    def write(self, frame: Dict[str, Any], default: Optional[Callable[[Any], Any]] = None) -> None:
        try:
            text = json.dumps(frame, default=default, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
            body = text.encode("utf-8")
        except (TypeError, ValueError, RecursionError) as error:
            raise NoJson(str(error)) from error
        if len(body) > self.limit:
            raise TooLarge("%d bytes of JSON, but at most %d are taken (python.max_frame)" % (len(body), self.limit))
        with self._writing:
            self._connection.sendall(struct.pack(">I", len(body)) + body)

    def read(self) -> Optional[Dict[str, Any]]:
        """Gives the next frame; None when the gateway is gone."""
        head = self._reading.read(4)
        if len(head) < 4:
            return None
        length = struct.unpack(">I", head)[0]
        body = self._reading.read(length)
        if len(body) < length:
            return None
        return json.loads(body)
