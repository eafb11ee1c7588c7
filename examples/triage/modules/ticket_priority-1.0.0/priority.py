import json
import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, List

from patchbay import Refused


class Priority(Enum):
    URGENT = "urgent"
    NORMAL = "normal"


@dataclass
class Ticket:
    text: Annotated[str, {"minLength": 1, "maxLength": 5000}]
    customer_since: Annotated[int, {"minimum": 1990}] = 2020


@dataclass
class Answer:
    priority: Priority
    confidence: Annotated[float, {"minimum": 0, "maximum": 1}]
    because: List[str]


class TicketPriority:
    task_name = "ticket_priority"
    version = "1.0.0"

    def load(self, context):
        self.weights = json.loads((context.folder / "words.json").read_text())
        self.urgent_from = context.config["urgent_from"]

    def predict(self, ticket: Ticket, call) -> Answer:
        words = re.findall(r"[a-z]+", ticket.text.lower())
        if not words:
            raise Refused("has no words", "/text")
        known = [word for word in words if word in self.weights]
        score = 1 / (1 + math.exp(-sum(self.weights[word] for word in known)))
        urgent = score >= self.urgent_from
        because = [word for word in known if (self.weights[word] > 0) == urgent]
        return Answer(Priority.URGENT if urgent else Priority.NORMAL, score if urgent else 1 - score, because)

    def teardown(self):
        self.weights = None
