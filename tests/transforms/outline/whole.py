"""Documents of outlines, made comparable with those of the parsers."""

from dataclasses import replace

import orjson

from transforms.parse.nested import dump_json
from transforms.parse.outcomes import Document, Outcome


def whole(outcome: Outcome | None) -> Outcome | None:
    """An outcome with all related items of a document in its line, as the parsers give it."""
    if not isinstance(outcome, Document) or not outcome.related:
        return outcome
    related = [orjson.loads(item.record) for item in outcome.related]
    return replace(outcome, line=dump_json(orjson.loads(outcome.line) | {"related": related}), related=())
