"""Any graph of front matter with aliases: values that a `secured` key reaches are nowhere, all others are stored."""

import os
from collections.abc import Iterator
from random import Random
from typing import Any

import orjson
import yaml

from tests.transforms.front_matter import tables_of
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document, Outcome
from transforms.redact.secured import is_secured

GRAPHS = int(os.environ.get("FRONTMART_FUZZ", "4000")) // 8
KEYS = ("secured", "Secured", "title", "topics", "provider", "name", "images", "url", "related", "notes", "x")
SEEN, HIDDEN = "seen", "hidden"


def graph(random: Random) -> dict[str, Any]:
    """A mapping of mappings, lists and words, some of them shared between places; without cycles."""
    parts: list[Any] = []

    def value(depth: int) -> Any:
        if parts and random.random() < 0.3:
            return random.choice(parts)
        if depth == 0 or random.random() < 0.4:
            return SEEN
        keys = random.sample(KEYS, random.randint(1, 4))
        made: Any = (
            {key: value(depth - 1) for key in keys} if random.random() < 0.6 else [value(depth - 1) for _ in keys]
        )
        parts.append(made)
        return made

    return {key: value(4) for key in random.sample(KEYS, 6)}


def walked(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from walked(item)


def name_words(front: dict[str, Any]) -> int:
    """Give each word of a graph a name of its own, by whether it is hidden; how many keys hide something."""
    secrets = [
        item for part in walked(front) if isinstance(part, dict) for key, item in part.items() if is_secured(key)
    ]
    hidden = {id(part) for secret in secrets for part in walked(secret) if isinstance(part, dict | list)}
    named: set[int] = set()
    for part in list(walked(front)):
        if not isinstance(part, dict | list) or id(part) in named:
            continue
        named.add(id(part))
        for place in list(part) if isinstance(part, dict) else range(len(part)):
            if part[place] == SEEN:
                is_hidden = id(part) in hidden or (isinstance(part, dict) and is_secured(place))
                part[place] = f"{HIDDEN if is_hidden else SEEN}{len(named)}x{place}"
    return len(secrets)


def seen_words(value: Any) -> set[str]:
    return {part for part in walked(value) if isinstance(part, str) and part.startswith(SEEN)}


def test_values_shared_with_secured_are_not_stored_and_all_others_are() -> None:
    random = Random(20210420)
    alias_count = secret_count = 0
    outcomes: list[Outcome] = []
    for number in range(GRAPHS):
        front = graph(random)
        secrets = name_words(front)
        text = yaml.dump(front, sort_keys=False, default_flow_style=random.choice([None, True, False]), width=1_000)
        outcome = parse_file(f"{number}.md", f"---\n{text}---\n".encode())
        assert isinstance(outcome, Document), text
        outcomes.append(outcome)
        stored = outcome.line.decode()
        assert HIDDEN not in stored, text
        assert orjson.loads(outcome.line)["has_secured"] == (secrets > 0), text
        missing = {word for word in seen_words(front) if word not in stored}
        assert not missing, text
        alias_count += "*id" in text
        secret_count += secrets > 0
    assert HIDDEN not in str([frame.rows() for frame in tables_of(outcomes).values()])
    assert min(alias_count, secret_count) > GRAPHS // 4
