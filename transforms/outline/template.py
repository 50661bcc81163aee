"""JSON with placeholders -> a template that takes values as written.

A placeholder is a text of private characters, which no key of an outline has: `\\ue0003\\ue001` stands for the value of
line 3. A value of no line, such as the path of the file, has a name in place of the number.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from transforms.outline.lines import Outline, is_item, items_in_brackets, items_of_lines
from transforms.outline.values import STRUCTURAL, as_json, as_json_text, as_json_texts, within_text

_OPEN: Final = "\ue000"
_CLOSE: Final = "\ue001"
# As a JSON string. Within a JSON string, its quotes are escaped.
_PLACEHOLDER: Final = re.compile(rf'(\\?)"{_OPEN}(\w+){_CLOSE}\1"'.encode())
# Before a text that a list of mappings has in place of its first mapping: it became the value of one.
_OPENED_ITEM: Final = re.compile(rb'\[(\{(\\?)"\w+\2":)\Z')

# Bytes: a bracket, a brace and a key of `fields`.
_LONGEST_OPENING: Final = 100

Form = Callable[[bytes], bytes]


class NotPlainError(Exception):
    """Values decide the structure, or do not have one place each in the result: the parsers read the whole text."""


def placeholder(name: int | str) -> str:
    """The placeholder of the value of a line, or of a value with a name."""
    return f"{_OPEN}{name}{_CLOSE}"


def with_placeholders(outline: Outline, values: Sequence[bytes]) -> bytes:
    """The YAML text of an outline with placeholders for values, one for consecutive items.

    Values that may decide the structure stay as they are.
    """
    return b"".join(
        before + (value if value in STRUCTURAL else placeholder(place).encode() + _closing(before)) + b"\n"
        for place, (before, value) in enumerate(zip(outline, values, strict=True))
    )


def _closing(before: bytes) -> bytes:
    return b"]" if before.endswith(b"[") else b""


@dataclass(frozen=True, slots=True)
class Template:
    """JSON that takes values. Nearly all of them are single values written as text, so these take a path of their own.

    Attributes:
        json: bytes with `%b` for each slot.
        texts: the places of the values written as text.
        forms: the places of the other values, each with the form in which it is written.
        order: for each slot, its place among the texts and forms together.
    """

    json: bytes
    texts: tuple[int, ...]
    forms: tuple[tuple[int, Form], ...]
    order: tuple[int, ...]

    def fill(self, values: Sequence[bytes]) -> bytes:
        """The JSON with values as written, a value per line of the outline, and last those with names, as JSON.

        Raises NotPlainError for a list with an item that may decide the structure.
        """
        written = as_json_texts([values[place] for place in self.texts])
        written += [form(values[place]) for place, form in self.forms]
        return self.json % tuple([written[place] for place in self.order])


@dataclass(frozen=True, slots=True)
class TemplateMaker:
    """Makes templates of JSON in which the values of an outline have placeholders.

    Attributes:
        outline: the outline.
        max_items: the number of items of a list that become rows.
        names: the names of values of no line, in their order.
    """

    outline: Outline
    max_items: int
    names: tuple[str, ...] = ()

    def make(self, json: bytes, *, has_flags: bool = False) -> Template:
        """The template of JSON.

        `has_flags` tells true and false from texts; JSON within text always does, as it holds the extra. Raises
        NotPlainError for a list in place of a single value.
        """
        written: list[bytes] = []
        slots: list[tuple[int, Form]] = []
        end = 0
        for match in _PLACEHOLDER.finditer(json):
            written.append(json[end : match.start()].replace(b"%", b"%%"))
            end = match.end()
            name, is_within_text = match[2].decode(), bool(match[1])
            if name in self.names:
                slots.append((len(self.outline) + self.names.index(name), bytes))
                continue
            place = int(name)
            before = self.outline[place]
            form: Form = as_json if has_flags or is_within_text else as_json_text
            if before.endswith(b"[") or is_item(before):
                form = self._list_form(before, form, _opened_item(json, match), is_strict=form is as_json_text)
            slots.append((place, _within_text(form) if is_within_text else form))
        written.append(json[end:].replace(b"%", b"%%"))
        return _template(b"%b".join(written), slots)

    def _list_form(self, before: bytes, form: Form, opened: bytes, *, is_strict: bool) -> Form:
        """The form of a list: its items, with commas between them.

        If `is_strict`, an item that may decide the structure, and more items than become rows, are not plain.
        """
        between = b"}," + opened if opened else b","
        max_items = self.max_items

        def write(value: bytes) -> bytes:
            items = items_in_brackets(value) if before.endswith(b"[") else items_of_lines(before, value)
            if is_strict and (len(items) > max_items or not STRUCTURAL.isdisjoint(items)):
                raise NotPlainError
            return between.join([form(item) for item in items])

        return write


def _template(json: bytes, slots: Sequence[tuple[int, Form]]) -> Template:
    places: dict[bool, list[int]] = {True: [], False: []}
    for number, (_, form) in enumerate(slots):
        places[form is as_json_text].append(number)
    texts, others = places[True], places[False]
    order = {number: place for place, number in enumerate([*texts, *others])}
    return Template(
        json,
        texts=tuple(slots[number][0] for number in texts),
        forms=tuple(slots[number] for number in others),
        order=tuple(order[number] for number in range(len(slots))),
    )


def _within_text(form: Form) -> Form:
    return lambda value: within_text(form(value))


def _opened_item(json: bytes, match: re.Match[bytes]) -> bytes:
    """What opens each item of a list before its value: nothing, or a mapping with a key. Raises NotPlainError."""
    before = json[max(0, match.start() - _LONGEST_OPENING) : match.start()]
    after = json[match.end() : match.end() + 2]
    if before.endswith(b"[") and after.startswith(b"]"):
        return b""
    opened = _OPENED_ITEM.search(before)
    if opened is None or not after.startswith(b"}]"):
        raise NotPlainError
    return opened[1]


def places_in(json: bytes) -> list[int]:
    """The lines whose placeholders are in JSON, in the order of their places."""
    return [int(match[2]) for match in _PLACEHOLDER.finditer(json) if match[2].isdigit()]
