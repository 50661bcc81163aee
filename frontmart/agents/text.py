"""The text of an answer: JSON on one line, whose values nobody's terminal or renderer acts on."""

import json
import re


def json_text(value: object) -> str:
    """A value as compact JSON, with the values of `frontmart query --json`: those that JSON lacks are strings.

    Letters of all scripts stay as they are, but non-printable characters are escaped: control characters, marks that
    change the direction of writing, invisible characters. The value is the same.
    """
    text = json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":"))
    return text if text.isprintable() else re.sub(r"\W", lambda found: _escaped(found[0]), text)


def _escaped(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]
