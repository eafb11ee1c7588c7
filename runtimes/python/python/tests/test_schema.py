import datetime
import json
import unittest
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Dict, List, Literal, Optional, Union

from patchbay import schema

try:
    from typing import Annotated
except ImportError:  # pragma: no cover
    Annotated = None


class Kind(Enum):
    CAT = "cat"
    DOG = "dog"


@dataclass
class Toy:
    price: float


@dataclass
class Pet:
    name: str
    kind: Kind
    born: datetime.date
    age: int = 0
    toys: List[Toy] = field(default_factory=list)
    vet: Optional[str] = None
    owner: "Optional[Toy]" = None


@dataclass
class Ring:
    next: "Optional[Ring]"


class SchemaTest(unittest.TestCase):
    def test_a_dataclass_is_an_object_whose_defaults_may_be_missing(self):
        made = schema.of(Pet)
        self.assertEqual(["name", "kind", "born"], made["required"])
        self.assertFalse(made["additionalProperties"])
        self.assertEqual({"type": "string", "format": "date"}, made["properties"]["born"])
        self.assertEqual({"enum": ["cat", "dog"]}, made["properties"]["kind"])
        self.assertEqual({"type": ["string", "null"]}, made["properties"]["vet"])
        self.assertEqual({"type": "number"}, made["properties"]["toys"]["items"]["properties"]["price"])

    def test_simple_hints(self):
        self.assertEqual({}, schema.of(Any))
        self.assertEqual({"type": "object"}, schema.of(dict))
        self.assertEqual({"enum": ["a", 1]}, schema.of(Literal["a", 1]))
        self.assertEqual({"type": "object", "additionalProperties": {"type": "integer"}}, schema.of(Dict[str, int]))
        self.assertEqual({"anyOf": [{"type": "string"}, {"type": "integer"}]}, schema.of(Union[str, int]))

    def test_annotations_add_keywords(self):
        self.assertEqual(
            {"type": "integer", "minimum": 0, "description": "in years"},
            schema.of(Annotated[int, {"minimum": 0}, "in years"]),
        )

    def test_what_has_no_schema_is_refused(self):
        for hint in (complex, Dict[int, str], Ring):
            with self.assertRaises(schema.Unknown):
                schema.of(hint)

    def test_values_become_what_the_hints_say_and_come_back(self):
        value = {"name": "Mia", "kind": "cat", "born": "2020-02-29", "toys": [{"price": 1}]}
        pet = schema.read(Pet, value)
        self.assertEqual(Pet("Mia", Kind.CAT, datetime.date(2020, 2, 29), toys=[Toy(1.0)]), pet)
        self.assertEqual("cat", json.loads(json.dumps(pet, default=schema.plain))["kind"])

    def test_what_may_be_none_may_be_missing(self):
        self.assertEqual(Ring(None), schema.read(Ring, {}))

    def test_numbers_of_libraries_are_numbers(self):
        class Number:
            def item(self):
                return 2.5

        self.assertEqual("2.5", json.dumps(Number(), default=schema.plain))
        with self.assertRaises(TypeError):
            json.dumps(object(), default=schema.plain)


if __name__ == "__main__":
    unittest.main()
