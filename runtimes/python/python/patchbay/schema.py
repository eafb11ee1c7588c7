"""JSON Schemas made of type hints, and values made by them.

========================================  ==========================================
hint                                      JSON
========================================  ==========================================
``str``, ``int``, ``float``, ``bool``     string, integer, number, boolean
``list[T]``, ``Sequence[T]``              array
``dict[str, T]``                          object with any names
``Optional[T]``                           may be null, or missing from an object
a dataclass                               object; fields with a default may be missing
a ``TypedDict``                           object, given as a ``dict``
``Enum``, ``Literal[...]``                one of the values
``datetime``, ``date``                    string in ISO 8601
``Annotated[T, {"minimum": 0}]``          T with more keywords of JSON Schema
``Any``, ``dict``, ``list``, no hint      anything, any object, any array
========================================  ==========================================
"""

import collections.abc
import dataclasses
import datetime
import enum
import inspect
import typing
from typing import Any, Dict, List, Literal, Union

_SIMPLE = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dict: {"type": "object"},
    list: {"type": "array"},
    datetime.datetime: {"type": "string", "format": "date-time"},
    datetime.date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
}
_LISTS = (list, List, collections.abc.Sequence, collections.abc.Iterable)


class Unknown(Exception):
    """A type that JSON Schema has no words for here."""


def _is_union(origin: Any) -> bool:
    # X | Y has a type of its own since Python 3.10
    return origin is Union or type(origin).__name__ == "UnionType" or getattr(origin, "__name__", "") == "UnionType"


def _is_annotated(hint: Any) -> bool:
    return hasattr(hint, "__metadata__") and hasattr(hint, "__origin__")


def of(hint: Any) -> Dict[str, Any]:
    """Makes the JSON Schema of a type hint."""
    return _of(hint, [])


def _of(hint: Any, inside: list) -> Dict[str, Any]:
    if hint is Any or hint is inspect.Parameter.empty:
        return {}
    if _is_annotated(hint):
        schema = _of(hint.__origin__, inside)
        for more in hint.__metadata__:
            if isinstance(more, dict):
                schema.update(more)
            elif isinstance(more, str):
                schema["description"] = more
        return schema
    if isinstance(hint, type) and hint in _SIMPLE:
        return dict(_SIMPLE[hint])
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is not None and _is_union(origin):
        options = [_of(each, inside) for each in arguments]
        types = [option.get("type") for option in options]
        if len(options) == 2 and "null" in types and all(isinstance(each, str) for each in types):
            other = next(option for option in options if option.get("type") != "null")
            if "enum" not in other:
                other["type"] = [other["type"], "null"]
                return other
        return {"anyOf": options}
    if origin in _LISTS:
        return {"type": "array", "items": _of(arguments[0], inside)}
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return {"type": "array", "items": _of(arguments[0], inside)}
    if origin in (dict, Dict, collections.abc.Mapping):
        if arguments[0] is not str:
            raise Unknown("the keys of %r are no str" % (hint,))
        return {"type": "object", "additionalProperties": _of(arguments[1], inside)}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [each.value for each in hint]}
    if dataclasses.is_dataclass(hint) or hasattr(hint, "__total__"):
        if hint in inside:
            raise Unknown("%s contains itself; write request.schema.json" % hint.__name__)
        return _fields(hint, inside + [hint])
    raise Unknown("there is no JSON Schema for %r; use a dataclass, or write request.schema.json" % (hint,))


def _may_be_none(hint: Any) -> bool:
    if _is_annotated(hint):
        return _may_be_none(hint.__origin__)
    return hint is type(None) or (_is_union(typing.get_origin(hint)) and type(None) in typing.get_args(hint))


def _fields(hint: Any, inside: list) -> Dict[str, Any]:
    hints = typing.get_type_hints(hint, include_extras=True)
    properties = {name: _of(each, inside) for name, each in hints.items()}
    if dataclasses.is_dataclass(hint):
        missing = dataclasses.MISSING
        required = [
            field.name
            for field in dataclasses.fields(hint)
            if field.default is missing and field.default_factory is missing and not _may_be_none(hints[field.name])
        ]
    else:
        required = sorted(
            name for name in getattr(hint, "__required_keys__", hints) if not _may_be_none(hints[name])
        )
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = required
    return schema


def read(hint: Any, value: Any) -> Any:
    """Makes what a hint says of a JSON value that fits its schema."""
    if _is_annotated(hint):
        return read(hint.__origin__, value)
    if value is None or hint is Any or hint is inspect.Parameter.empty:
        return value
    if hint is float and isinstance(value, int):
        return float(value)
    if hint is datetime.datetime:
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if hint is datetime.date:
        return datetime.date.fromisoformat(value)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is not None and _is_union(origin):
        for option in arguments:
            if option is not type(None):
                try:
                    return read(option, value)
                except (TypeError, ValueError, KeyError, AttributeError):
                    continue
        return value
    if origin in _LISTS or origin is tuple:
        items = [read(arguments[0], each) for each in value]
        return tuple(items) if origin is tuple else items
    if origin in (dict, Dict, collections.abc.Mapping):
        return {name: read(arguments[1], each) for name, each in value.items()}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return hint(value)
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        fields = {name: read(hints[name], each) for name, each in value.items()}
        for field in dataclasses.fields(hint):
            missing = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            if missing and field.name not in fields:
                fields[field.name] = None  # the schema lets only those be missing that may be None
        return hint(**fields)
    return value


def plain(value: Any) -> Any:
    """Makes JSON of what JSON does not know by itself: called for each such value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    for method in ("tolist", "item"):  # arrays and numbers of numpy
        convert = getattr(value, method, None)
        if callable(convert):
            return convert()
    raise TypeError("a %s has no form in JSON" % type(value).__name__)
