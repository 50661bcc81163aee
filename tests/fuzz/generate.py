"""Generate files with front matter of every shape, style, format and encoding; most of them are valid.

All choices come from `random`: a seed gives the same file again, and a `Random` of Hypothesis gives files that shrink.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.yaml_styles import YamlWriter
from tests.transforms.mutations import SYNTAX, encoded_otherwise, with_other_line_ends
from transforms.parse.records import DOCUMENT, ListOf, MappingOf, Shape

STRANGE_KEYS = (
    "secured",
    "Secured",
    " SECURED ",
    "layout",
    "X-key",
    "größe",
    "a b",
    "null",
    "1",
    "~",
    "<<",
    "a: b",
    "",
)
WORDS = (
    "harbour",
    "Live",
    "C#",
    "it's",
    '"best"',
    "größe",
    "日本語",
    "😀",
    "AT&T",
    "100%",
    "a/b",
    "x:y",
    "nbsp\u00a0",
    "AIâ€™s",
)
NUMBERS = ("1e400", ".inf", "-.INF", ".nan", "0x1F", "0o17", "017", "1_000", "5.", ".5", "-0", "1e-7", "1" * 400)
WORDS_ALONE = ("true", "false", "yes", "no", "null", "~", "", "Null", "True", "on")
DATES = (
    "2021-04-20", "2021-04-20T22:38:00Z", "20-04-2021", "0000-00-00", "9999-12-31T23:59:59Z", "99999-01-01",
    "2021-02-30", "2021-04-20 22:38:00.123456789 +25:00", "2009-11-10:23:00Z", "-0001-01-01T00:00:00Z",
)  # fmt: skip
LENGTHS = ("PT1H2M3S", "P1M", "25 mins", "PT", "P9999999999Y", "12:30:99")
HOSTS = ("a.example", "A.EXAMPLE:443", "u:p@b.example", "[::1", "xn--", "", "ä.example", "a.example:99999")
CHARACTERS = "".join(map(chr, (*range(0x20, 0x250), 0x202E, 0x200B, 0xFFFD, 0x1F600, 0x10FFFF)))
LEAVES: tuple[Callable[[Random], str], ...] = (
    lambda random: " ".join(random.choices(WORDS, k=random.randrange(1, 6))),
    lambda random: f"leaf{random.randrange(10**6)}",
    lambda random: random.choice(WORDS_ALONE),
    lambda random: str(random.randrange(-10, 4_000)),
    lambda random: str(random.randrange(-(10**40), 10**40)),
    lambda random: random.choice(NUMBERS),
    lambda random: random.choice(DATES),
    lambda random: random.choice(LENGTHS),
    lambda random: f"https://{random.choice(HOSTS)}/{random.choice(WORDS)}?utm_source=x#y",
    lambda random: "".join(random.choices(SYNTAX, k=random.randrange(1, 4))),
    lambda random: "".join(random.choices(CHARACTERS, k=8)),
    lambda random: random.choice(WORDS) * random.randrange(1, 400),
)


def generate_file(random: Random) -> bytes:
    """Generate a whole file: front matter in some format, a body, line ends and an encoding."""
    front = _mapping(DOCUMENT, random, 0)
    write = random.choices((_yaml_file, _toml_file, _json_file), (8, 1, 1))[0]
    text = write(front, random) + random.choice(("", "\nBody.\n", "\n---\nnot: front\n", "\n```\n+++\n```\n"))
    data = text.encode(errors="replace")
    return random.choice((*(_unchanged,) * 8, with_other_line_ends, encoded_otherwise))(data, random)


def _unchanged(data: bytes, random: Random) -> bytes:
    return data


def _mapping(shape: MappingOf, random: Random, depth: int) -> dict[str, Any]:
    keys = random.sample(list(shape.fields), min(len(shape.fields), random.randrange(1, 9)))
    generated = {key: _shaped(shape.fields[key], random, depth + 1) for key in keys}
    if random.random() < 0.3:
        generated[random.choice(STRANGE_KEYS)] = _anything(random, depth + 1)
    return generated


def _shaped(shape: Shape, random: Random, depth: int) -> Any:
    """Generate a value of a shape, in one of ten cases of another type."""
    if random.random() < 0.1:
        return _anything(random, depth)
    if isinstance(shape, MappingOf):
        return _mapping(shape, random, depth)
    if isinstance(shape, ListOf):
        return [_shaped(shape.item, random, depth) for _ in range(random.randrange(4))]
    return random.choice(LEAVES)(random)


def _anything(random: Random, depth: int) -> Any:
    kind = random.random()
    if depth > 12 or kind < 0.6:
        return random.choice(LEAVES)(random)
    if kind < 0.62:
        return _deep(random.choice((50, 99, 101, 300)), random)
    if kind < 0.8:
        return [_anything(random, depth + 1) for _ in range(random.randrange(4))]
    keys = random.choices((*DOCUMENT.fields, *STRANGE_KEYS), k=random.randrange(4))
    return {key: _anything(random, depth + 1) for key in keys}


def _deep(depth: int, random: Random) -> Any:
    value: Any = "leaf"
    for _ in range(depth):
        value = [value] if random.random() < 0.5 else {"a": value}
    return value


def _json_file(front: dict[str, Any], random: Random) -> str:
    return json.dumps(front, ensure_ascii=random.random() < 0.5, indent=random.choice((None, 1, 4)))


def _toml_file(front: dict[str, Any], random: Random) -> str:
    lines = [f"{json.dumps(key)} = {_toml(value, random)}\n" for key, value in front.items()]
    return "+++\n" + "".join(lines) + "+++\n"


def _toml(value: Any, random: Random) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item, random)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item, random) for item in value) + "]"
    return value if _is_bare(value) and random.random() < 0.7 else json.dumps(value)


def _is_bare(text: str) -> bool:
    return text in ("true", "false") or text.removeprefix("-").isdecimal() or text[:4] in ("2021", "9999")


def _yaml_file(front: dict[str, Any], random: Random) -> str:
    opening = random.choice(("---\n",) * 12 + ("--- \n", "----\n", "\n\n---\n", "\ufeff---\n", "---\n# a comment\n"))
    closing = random.choice(("---\n",) * 12 + ("---", "--- \n", "-----\n", "...\n", ""))
    return opening + YamlWriter(random).block(front, 0).lstrip("\n") + "\n" + closing
