#!/usr/bin/env python3
"""Writes the routing vectors: what version a call gets, computed without any of the gateway's code.

    python3 generate.py           writes the *.json files beside this script
    python3 generate.py --check   exits with 1 if a file is not what would be written

The rules are docs/config.md, "Who gets which version". The hash is murmur3_32 (x86, seed 0), written here from its
published description and held to its published test values before anything is computed.

A file has groups; a group has one config, the versions that are ready, and vectors. A vector has

    tenant, pin, request_id, body, baggage   the call; what is left out is absent (request_id: "r", body: {})
    version, reason, rule                    what is expected; rule is left out for PINNED and DEFAULT
    skipped                                  rules that would have chosen a version which is not ready
    hashes                                   rule -> hash of the unit, from 0 to 2^32 - 1, for every unit looked at
    error                                    the code of the error, in place of version, reason and rule
"""

import json
import pathlib
import random
import sys

WHOLE = 100_000  # percentages have three decimals: 100 % are 100,000 thousandths
SPACE = 1 << 32
MASK = SPACE - 1
HERE = pathlib.Path(__file__).parent


# ---------------------------------------------------------------------------------------------------- the hash


def murmur3_32(data, seed=0):
    def rotate(x, r):
        return ((x << r) | (x >> (32 - r))) & MASK

    def mix(k):
        return rotate(k * 0xCC9E2D51 & MASK, 15) * 0x1B873593 & MASK

    h = seed
    body, tail = data[: len(data) // 4 * 4], data[len(data) // 4 * 4 :]
    for i in range(0, len(body), 4):
        h = rotate(h ^ mix(int.from_bytes(body[i : i + 4], "little")), 13) * 5 + 0xE6546B64 & MASK
    if tail:
        h ^= mix(int.from_bytes(tail, "little"))
    h ^= len(data)
    h = (h ^ h >> 16) * 0x85EBCA6B & MASK
    h = (h ^ h >> 13) * 0xC2B2AE35 & MASK
    return h ^ h >> 16


for text, seed, expected in [
    (b"", 0, 0),
    (b"", 1, 0x514E28B7),
    (b"", 0xFFFFFFFF, 0x81F16F39),
    (b"\xff\xff\xff\xff", 0, 0x76293B50),
    (b"\x21\x43\x65\x87", 0, 0xF55B516B),
    (b"\x21\x43\x65\x87", 0x5082EDEE, 0x2362F9DE),
    (b"\x21\x43\x65", 0, 0x7E4A8634),
    (b"\x21\x43", 0, 0xA0F7B07A),
    (b"\x21", 0, 0x72661CF4),
    (b"\0\0\0\0", 0, 0x2362F9DE),
    (b"\0", 0, 0x514E28B7),
    (b"test", 0, 0xBA6BD213),
    (b"Hello, world!", 0, 0xC0363E43),
    (b"The quick brown fox jumps over the lazy dog", 0, 0x2E4FF723),
]:
    assert murmur3_32(text, seed) == expected, (text, seed)

# SMHasher's own check of an implementation: keys of 0 to 255 bytes, each with another seed, hashed together.
KEYS = b"".join(murmur3_32(bytes(range(n)), 256 - n).to_bytes(4, "little") for n in range(256))
assert murmur3_32(KEYS) == 0xB0F57EE3


# ------------------------------------------------------------------------------------------------ the decision


def thousandths(percent):
    whole, _, decimals = str(percent).partition(".")
    return int(whole) * 1000 + int((decimals + "000")[:3])


def text(value):
    """The text of a scalar, or None for what is no unit: nothing, null, a list or an object."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    return None


def attribute(task, name, call):
    body = call.get("body", {})
    pointer = task.get("attributes", {}).get(name)
    if pointer is None:
        found = body.get(name) if isinstance(body, dict) else None
    else:
        found = body
        for part in pointer.split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict):
                found = found.get(part)
            elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
                found = found[int(part)]
            else:
                found = None
    found = text(found)
    return call.get("baggage", {}).get(name) if found is None else found


def wanted(values):
    return [text(value) for value in (values if isinstance(values, list) else [values])]


def override(experiment):
    return bool(experiment.get("tenants")) and "rollout" not in experiment and not experiment.get("match")


def decide(name, config, ready, call):
    task = config["inference"].get(name)
    versions = set(ready.get(name, []))
    if task is None and not versions:
        return {"error": "unknown-task"}
    task = task or {}
    real = lambda version: task.get("aliases", {}).get(version, version)
    if "pin" in call:
        version = real(call["pin"])
        return {"version": version, "reason": "PINNED"} if version in versions else {"error": "unknown-version"}

    skipped, hashes, tenant = [], {}, call.get("tenant")

    def answer(version, reason, rule=None):
        result = {"version": version, "reason": reason}
        if rule is not None:
            result["rule"] = rule
        return extra(result)

    def extra(result):
        if skipped:
            result["skipped"] = skipped
        if hashes:
            result["hashes"] = hashes
        return result

    for experiment in task.get("experiments", []):
        if override(experiment) and tenant in wanted(experiment["tenants"]):
            if real(experiment["version"]) in versions:
                return answer(real(experiment["version"]), "TENANT", experiment["name"])
            skipped.append(experiment["name"])

    layers = {}
    for experiment in task.get("experiments", []):
        if override(experiment):
            continue
        size = thousandths(experiment.get("rollout", 100))
        begin, salt = 0, experiment.get("salt", name + "/" + experiment["name"])
        if "layer" in experiment:
            begin, salt = layers.get(experiment["layer"], 0), name + "/layer/" + experiment["layer"]
            layers[experiment["layer"]] = begin + size
        if experiment.get("tenants") and tenant not in wanted(experiment["tenants"]):
            continue
        if any(attribute(task, a, call) not in wanted(v) for a, v in experiment.get("match", {}).items()):
            continue
        named = experiment.get("unit", "request")
        unit = call.get("request_id", "r") if named == "request" else attribute(task, named, call)
        if unit is None:
            continue
        h = hashes[experiment["name"]] = murmur3_32((salt + ":" + unit).encode("utf-8"))
        if begin * SPACE // WHOLE <= h < (begin + size) * SPACE // WHOLE:
            if real(experiment["version"]) in versions:
                return answer(real(experiment["version"]), "SPLIT", experiment["name"])
            skipped.append(experiment["name"])

    default = real(task.get("default_version"))
    return answer(default, "DEFAULT") if default in versions else extra({"error": "version-unavailable"})


# ----------------------------------------------------------------------------------------------------- writing


class Group:
    """One config with its vectors. The config is what patchbay.yaml says; JSON is YAML."""

    def __init__(self, about, ready, task="score", **section):
        self.task = task
        self.head = {"about": about, "config": {"inference": {task: section}}, "ready": {task: ready}, "task": task}
        self.calls = []

    def call(self, task=None, **call):
        self.calls.append((task or self.task, call))
        return self

    def json(self):
        vectors = []
        for task, call in self.calls:
            expected = decide(task, self.head["config"], self.head["ready"], call)
            vectors.append(({"task": task} if task != self.task else {}) | call | expected)
        return self.head, vectors


def render(groups):
    """One vector in a line, so that a change shows as the lines it changes."""
    line = lambda value: json.dumps(value, ensure_ascii=False)
    parts = []
    for head, vectors in (group.json() for group in groups):
        fields = [line(key) + ": " + line(value) for key, value in head.items()]
        rows = ",\n      ".join(line(vector) for vector in vectors)
        parts.append("    " + ",\n    ".join(fields) + ',\n    "vectors": [\n      ' + rows + "\n    ]")
    return '{"groups": [\n  {\n' + "\n  },\n  {\n".join(parts) + "\n  }\n]}\n"


UNITS = [
    "luna", "rex", "bella", "0", "1", "42", "-1", "a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg",
    "pet-00000000-0000-4000-8000-000000000001", "user@example.org", "urn:pet:7", "a b", " ", "\t", "a:b", "a/b",
    "Ünal", "Žofie", "Łódź", "Ελένη", "Николай", "שלום", "سلام", "नमस्ते", "สวัสดี", "猫", "小さな犬", "고양이", "𝒳", "🐶", "🐕‍🦺",
    "👩‍⚕️ und 🐈", "e\u0301", "é", "ﬁ", "\u200b", "\u0000", "\uffff", "x" * 1000, "ü" * 333,
]  # fmt: skip


def hashing():
    """Where a unit falls, whatever its bytes; and hashes that are negative as 32-bit numbers with a sign."""
    split = {"rollout": 50, "unit": "pet_id", "version": "2.0.0"}
    plain = Group(
        "units of every kind, half of them in", ["1.0.0", "2.0.0"],
        default_version="1.0.0", experiments=[{"name": "half", **split}],
    )  # fmt: skip
    for unit in UNITS:
        plain.call(body={"pet_id": unit})
    scalars = Group(
        "units that are no text are hashed as JSON writes them; an empty text is a unit; what is no scalar is none",
        ["1.0.0", "2.0.0"], default_version="1.0.0", experiments=[{"name": "half", **split}],
    )  # fmt: skip
    for value in ["", 0, 7, -7, 123456789, 2**31, 2**63, 10**30, 0.5, 12.25, True, False, None, [], ["luna"], {"id": 1}]:
        scalars.call(body={"pet_id": value})
    salted = Group(
        "a salt of one's own, with and without text beyond ASCII", ["1.0.0", "2.0.0", "3.0.0"],
        default_version="1.0.0",
        experiments=[
            {"name": "eins", **split, "salt": "größe/ß", "rollout": 20},
            {"name": "zwei", **split, "salt": "🐾", "rollout": 20, "version": "3.0.0"},
        ],
    )  # fmt: skip
    for unit in UNITS[:40]:
        salted.call(body={"pet_id": unit})
    high = Group(
        "hashes of 2^31 and more, which are negative for whoever forgets that they have no sign",
        ["1.0.0", "2.0.0"], default_version="1.0.0",
        experiments=[{"name": "most", **split, "rollout": 75}],
    )  # fmt: skip
    found = 0
    for number in range(10_000):
        if murmur3_32(f"score/most:pet-{number}".encode()) >= 1 << 31:
            high.call(body={"pet_id": f"pet-{number}"})
            found += 1
            if found == 60:
                break
    request = Group(
        "unit: request takes every request by itself", ["1.0.0", "2.0.0"], default_version="1.0.0",
        experiments=[{"name": "chance", **split, "unit": "request"}],
    )  # fmt: skip
    for number in range(20):
        request.call(request_id=f"01J9{number:04d}", body={"pet_id": "luna"})
    return [plain, scalars, salted, high, request]


def percentages():
    """The least percentage that has a unit in, and one thousandth less, which has it out."""
    source = random.Random(1)
    groups = []
    for number in range(45):
        unit = source.choice(["pet-", "Žofie-", "猫-"]) + str(source.randrange(10**6))
        h = murmur3_32(f"score/edge:{unit}".encode())
        least = next(p for p in range(max(0, h * WHOLE // SPACE - 2), WHOLE + 1) if h < p * SPACE // WHOLE)
        for size in (least, least - 1):
            percent = size / 1000
            groups.append(
                Group(
                    f"{percent} % of {unit}'s share", ["1.0.0", "2.0.0"], default_version="1.0.0",
                    experiments=[{"name": "edge", "rollout": percent, "unit": "pet_id", "version": "2.0.0"}],
                ).call(body={"pet_id": unit})
            )  # fmt: skip
    for percent in [0, 0.001, 0.01, 0.1, 1, 5, 10, 12.5, 33.333, 50, 66.667, 99, 99.999, 100]:
        group = Group(
            f"{percent} %", ["1.0.0", "2.0.0"], default_version="1.0.0",
            experiments=[{"name": "share", "rollout": percent, "unit": "pet_id", "version": "2.0.0"}],
        )  # fmt: skip
        for number in range(12):
            group.call(body={"pet_id": f"pet-{number}"})
        groups.append(group)
    return groups


def precedence():
    """Pin, tenant, experiments from top to bottom, default."""
    example = Group(
        "the example of the documentation", ["2.9.1", "3.0.0", "3.1.0"], task="behavior_score",
        default_version="3.0.0",
        experiments=[
            {"name": "behavior-score-canary", "rollout": 10, "unit": "pet_id", "version": "3.1.0"},
            {"name": "legacy-tenant", "tenants": ["tenant_a"], "version": "2.9.1"},
        ],
    )  # fmt: skip
    for number in range(40):
        example.call(tenant=["tenant_a", "tenant_b"][number % 2], body={"pet_id": f"pet-{number}"})
    example.call(tenant="tenant_a").call().call(tenant="TENANT_A").call(tenant="")
    example.call(pin="3.1.0", tenant="tenant_a").call(pin="2.9.1").call(pin="3.0.0", body={"pet_id": "pet-3"})
    example.call(pin="9.9.9").call(pin="stable").call(task="behaviour_score").call(task="other", pin="1.0.0")

    order = [
        {"name": "first", "rollout": 30, "unit": "pet_id", "version": "2.0.0"},
        {"name": "second", "rollout": 30, "unit": "pet_id", "version": "3.0.0"},
        {"name": "third", "rollout": 30, "unit": "owner_id", "version": "4.0.0"},
    ]
    versions = ["1.0.0", "2.0.0", "3.0.0", "4.0.0"]
    down = Group("three experiments", versions, default_version="1.0.0", experiments=order)
    up = Group("the same in the other order", versions, default_version="1.0.0", experiments=order[::-1])
    for group in (down, up):
        for number in range(40):
            group.call(body={"pet_id": f"pet-{number}", "owner_id": f"owner-{number // 3}"})
        group.call(body={"owner_id": "owner-5"}).call(body={"pet_id": "pet-5"}).call()

    layer = Group(
        "experiments of one layer exclude each other", versions, default_version="1.0.0",
        experiments=[
            {"name": "blue", "rollout": 20, "unit": "pet_id", "version": "2.0.0", "layer": "color"},
            {"name": "alone", "rollout": 20, "unit": "pet_id", "version": "4.0.0"},
            {"name": "red", "rollout": 33.333, "unit": "pet_id", "version": "3.0.0", "layer": "color"},
        ],
    )  # fmt: skip
    for number in range(40):
        layer.call(body={"pet_id": f"pet-{number}"})

    alias = Group(
        "aliases are other names of versions", versions, default_version="stable",
        aliases={"stable": "1.0.0", "next": "2.0.0", "gone": "9.0.0"},
        experiments=[{"name": "try", "rollout": 40, "unit": "pet_id", "version": "next"}],
    )  # fmt: skip
    for number in range(15):
        alias.call(body={"pet_id": f"pet-{number}"})
    alias.call(pin="next").call(pin="stable").call(pin="gone").call(pin="2.0.0")
    return [example, down, up, layer, alias]


def targeting():
    """Attributes in the body and in baggage, match, tenants within an experiment."""
    places = Group(
        "units by JSON Pointer, by top-level field, and by baggage when the body has none", ["1.0.0", "2.0.0"],
        default_version="1.0.0", attributes={"pet_id": "/pet/id", "first": "/pets/0", "odd": "/a~1b/m~0n"},
        experiments=[
            {"name": "pointed", "rollout": 25, "unit": "pet_id", "version": "2.0.0"},
            {"name": "listed", "rollout": 25, "unit": "first", "version": "2.0.0"},
            {"name": "escaped", "rollout": 25, "unit": "odd", "version": "2.0.0"},
            {"name": "plain", "rollout": 25, "unit": "owner", "version": "2.0.0"},
        ],
    )  # fmt: skip
    for number in range(8):
        places.call(body={"pet": {"id": f"p{number}"}})
        places.call(body={"pets": [f"p{number}", "other"]})
        places.call(body={"a/b": {"m~n": f"p{number}"}})
        places.call(body={"owner": f"o{number}"})
        places.call(baggage={"pet_id": f"p{number}", "owner": f"o{number}"})
        places.call(body={"pet": {"id": f"p{number}"}}, baggage={"pet_id": "other"})
    places.call(body={"pet_id": "p1"}).call(body={"pet": {"id": None}}, baggage={"pet_id": "p1"})
    places.call(body={"pet": {"id": {"x": 1}}}, baggage={"pet_id": "p1"}).call(body={"pet": "p1"}).call(body=[])
    places.call(body={"pets": []}).call(body={"pets": {"0": "p1"}}).call(body="p1").call(body=None).call(baggage={})

    match = Group(
        "match: every attribute must have one of its values", ["1.0.0", "2.0.0", "3.0.0", "4.0.0"],
        default_version="1.0.0", attributes={"country": "/owner/country"},
        experiments=[
            {"name": "dach-beta", "match": {"country": ["DE", "AT", "CH"], "cohort": "beta"}, "version": "2.0.0"},
            {"name": "seven", "match": {"level": 7}, "rollout": 50, "unit": "pet_id", "version": "3.0.0"},
            {"name": "flag", "match": {"old": True, "city": ["Zürich", "東京"]}, "version": "4.0.0"},
        ],
    )  # fmt: skip
    for country in ["DE", "AT", "CH", "FR", "de", None]:
        for cohort in ["beta", "Beta", ["beta"]]:
            match.call(body={"owner": {"country": country}, "cohort": cohort})
    for number in range(12):
        match.call(body={"level": 7, "pet_id": f"pet-{number}"}).call(body={"level": "7", "pet_id": f"pet-{number}"})
    for level in [8, 7.5, "07", True, None]:
        match.call(body={"level": level, "pet_id": "pet-1"})
    for city in ["Zürich", "Zurich", "東京", "京東"]:
        match.call(body={"old": True, "city": city}).call(body={"old": "true", "city": city})
        match.call(body={"old": False, "city": city})
    match.call(body={"level": 7}).call(baggage={"level": "7", "pet_id": "pet-1", "country": "DE", "cohort": "beta"})

    tenants = Group(
        "tenants with a rollout or a match are an experiment among those tenants, not an override",
        ["1.0.0", "2.0.0", "3.0.0", "4.0.0"], default_version="1.0.0",
        experiments=[
            {"name": "their-half", "tenants": ["a", "ü"], "rollout": 50, "unit": "pet_id", "version": "2.0.0"},
            {"name": "their-beta", "tenants": "a", "match": {"cohort": "beta"}, "version": "3.0.0"},
            {"name": "theirs", "tenants": ["c", "d"], "version": "4.0.0"},
        ],
    )  # fmt: skip
    for number in range(10):
        for tenant in ["a", "b", "c", "ü"]:
            tenants.call(tenant=tenant, body={"pet_id": f"pet-{number}"})
        tenants.call(tenant="a", body={"pet_id": f"pet-{number}", "cohort": "beta"})
    tenants.call(tenant="d").call(tenant="a").call(body={"pet_id": "pet-1"})
    return [places, match, tenants]


def unavailable():
    """Rules whose version is not ready are skipped and recorded; only without a default there is an error."""
    section = dict(
        default_version="1.0.0",
        aliases={"next": "3.0.0"},
        experiments=[
            {"name": "first", "rollout": 60, "unit": "pet_id", "version": "2.0.0"},
            {"name": "second", "rollout": 60, "unit": "pet_id", "version": "next"},
            {"name": "old", "tenants": ["a"], "version": "0.9.0"},
        ],
    )
    groups = []
    for ready in [
        ["0.9.0", "1.0.0", "3.0.0"], ["1.0.0", "2.0.0"], ["1.0.0"], ["2.0.0", "3.0.0"], ["0.9.0"], []
    ]:  # fmt: skip
        group = Group("ready: " + (", ".join(ready) or "none"), ready, **section)
        for number in range(10):
            group.call(tenant="ab"[number % 2], body={"pet_id": f"pet-{number}"})
        group.call(pin="2.0.0").call(pin="next").call(tenant="a").call(task="elsewhere")
        groups.append(group)
    none = Group("no default: calls must name a version", ["1.0.0"], experiments=[])
    none.call().call(pin="1.0.0").call(tenant="a", body={"pet_id": "x"})
    bare = Group("a task without a section has versions for those who name one", ["1.0.0"])
    bare.head["config"] = {"inference": {}}
    bare.call().call(pin="1.0.0").call(pin="2.0.0")
    return [*groups, none, bare]


def main():
    stale = 0
    for topic in (hashing, percentages, precedence, targeting, unavailable):
        groups = topic()
        file, content = HERE / f"{topic.__name__}.json", render(groups)
        json.loads(content)
        if "--check" in sys.argv:
            if not file.exists() or file.read_text(encoding="utf-8") != content:
                print(f"{file.name} is not what {pathlib.Path(__file__).name} writes")
                stale = 1
        else:
            file.write_text(content, encoding="utf-8")
            print(f"{file.name}: {sum(len(group.calls) for group in groups)} vectors")
    return stale


if __name__ == "__main__":
    sys.exit(main())
