"""What the gateway hands to a module, and the error by which a module refuses a request."""

import time
from pathlib import Path
from typing import Any, Dict, Optional


class Refused(Exception):
    """A request that its schema allows and the module does not take. The caller sees the message.

    ``path`` is the JSON Pointer of the field it is about, such as ``/text``.
    """

    def __init__(self, message: str, path: str = ""):
        super().__init__(message)
        self.path = path


class Context:
    """What ``load`` is given."""

    def __init__(self, task: str, version: str, folder: str, config: Dict[str, Any]):
        self.task = task
        self.version = version
        self.folder = Path(folder)
        """The module's folder, to read from. It is never written to."""
        self.config = config
        """``python.config`` of ``module.yaml``."""


class Call:
    """Who asks, and how long there is. May be used by any thread until ``predict`` returns."""

    def __init__(self, fields: Dict[str, Any]):
        self.request_id: str = fields.get("request_id", "")
        self.tenant: Optional[str] = fields.get("tenant")
        self.traceparent: str = fields.get("traceparent", "")
        self.tracestate: Optional[str] = fields.get("tracestate")
        self.warmup: bool = fields.get("mode") == "warmup"
        self.shadow: bool = fields.get("mode") == "shadow"
        self._end = time.monotonic() + fields.get("remaining_ms", 0) / 1000
        self._cancelled = False

    def remaining(self) -> float:
        """The seconds until the caller stops waiting; 0 when that has passed."""
        return max(0.0, self._end - time.monotonic())

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the answer any more. Long loops ask here and leave."""
        return self._cancelled or self.remaining() == 0

    def _cancel(self) -> None:
        self._cancelled = True
