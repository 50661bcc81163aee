"""Articles for tests of events, from titles and days."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

import polars as pl

from transforms.events.group import group_events

FIRST_DAY = datetime(2024, 3, 4)
SCHEMA = {
    "document_id": pl.String,
    "title": pl.String,
    "excerpt": pl.String,
    "published_at": pl.Datetime("us"),
    "canonical_url": pl.String,
    "provider_id": pl.String,
}
NO_LINKS = pl.DataFrame(schema={"document_id": pl.String, "linked_document_id": pl.String})
# What else is in the news in these weeks, so that the terms of the articles of a test are rare.
_BACKGROUND = (
    "Harbour crane lifts its first container",
    "Bakers argue over the price of rye flour",
    "Night train returns to the northern coast",
    "Museum finds a lost letter behind a mirror",
    "Chess club opens a school for pensioners",
    "Storm closes three mountain passes",
    "Orchestra tours with instruments of ice",
    "Beekeepers count a record honey harvest",
    "Tunnel under the fjord needs another decade",
    "Astronomers name a comet after a cat",
    "Library lends umbrellas and raincoats",
    "Farmers test a robot that picks cherries",
)


def article(
    title: str | None,
    day: float = 0,
    *,
    excerpt: str | None = None,
    provider: str | None = None,
    url: str | None = None,
    name: str = "",
) -> dict[str, object]:
    """An article on a day after the first, of a provider of its own; its id follows from all of it."""
    identity = repr((title, day, excerpt, provider, url, name))
    document_id = blake2b(identity.encode(), digest_size=8).hexdigest()
    return {
        "document_id": document_id,
        "title": title,
        "excerpt": excerpt,
        "published_at": FIRST_DAY + timedelta(days=day),
        "canonical_url": url,
        "provider_id": provider or f"{document_id}.example/site",
    }


def background(days: int = 60) -> list[dict[str, object]]:
    """An unrelated article every day, about something that comes up only once."""
    titles = [f"{_BACKGROUND[day % len(_BACKGROUND)]} in place{day}" for day in range(days)]
    return [article(title, day - days / 2, name="background") for day, title in enumerate(titles)]


def frame(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def groups(
    rows: Sequence[dict[str, object]], links: pl.DataFrame = NO_LINKS, *, alone: bool = False
) -> list[list[int]]:
    """The numbers of the rows of each event, in order; found among unrelated news unless `alone`."""
    events = group_events(frame([*rows, *([] if alone else background())]), links)
    event = dict(events.iter_rows())
    members: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        members.setdefault(event[str(row["document_id"])], []).append(number)
    return sorted(members.values())
