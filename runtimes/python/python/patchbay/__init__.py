"""What a Python module of the Patchbay gateway may use. Standard library only, Python 3.9 and newer.

A module is a plain class; nothing of this package has to be imported::

    class Priority:
        def load(self, context): ...
        def predict(self, request): ...
        def teardown(self): ...
"""

from .module import Call, Context, Refused

__all__ = ["Call", "Context", "Refused"]
