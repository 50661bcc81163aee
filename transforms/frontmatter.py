"""Bytes of a file -> a document as a line of JSON, or a reject, or a skip.

rapidyaml reads first; whatever it leaves open goes to python-frontmatter, whose word is final. Nothing is dropped:
a value that no field takes is in the record's `extra`, a value that has to be refused in its `issues`, and only
`secured`, an encrypted blob, is left behind, in any spelling and at any depth.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from transforms.fences import FrontMatter, split_front_matter
from transforms.meaning import content_hash
from transforms.outcomes import MAX_DEPTH, Document, Outcome, Reason, Reject, Skipped, Touched, too_deep
from transforms.records import Shaping, shape_record
from transforms.values import Loaded, Mapping, as_text, dump_json, is_deeper, is_secured, keep_last
from transforms.yaml_fast import read_fast

if TYPE_CHECKING:
    from transforms.repairing import Repair


def document_id(path: str) -> str:
    """16 hex digits: a 64-bit hash of the path relative to the source, with `/`."""
    return blake2b(path.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def parse_file(path: str, data: bytes, known_hash: str | None = None, *, repair: bool = False) -> Outcome:
    """What becomes of a file, given its path (the identity of the document) and its bytes.

    With the content hash that the document had, a file that still means the same is Touched and not parsed again.
    With `repair`, a value that breaks its line for want of quotes gets them, see `repairing`.
    """
    try:
        front = split_front_matter(data)
        if front is None:
            return Skipped()
        meaning = content_hash(front)
        if meaning == known_hash:
            return Touched(meaning)
        loaded, body, repairs = _read_or_repair(front, repair)
        if not isinstance(loaded.value, dict):
            raise _not_a_mapping(front)
        return _document(path, meaning, loaded.value, loaded.repeated, body, repairs)
    except Reject as reject:
        # Anew: the one that was raised holds the frames that it went through, and they all that a shard has read.
        return replace(reject)


def read_front_matter(front: FrontMatter) -> tuple[Loaded, bytes]:
    """The nested value of front matter in any format, and the body. Raises Reject."""
    if front.format == "yaml":
        return read_fast(front.text) or _read_judged(front), front.body
    if front.format == "toml":
        return _read_toml(front), front.body
    return _read_json(front)


def _read_or_repair(front: FrontMatter, repair: bool) -> tuple[Loaded, bytes, "Sequence[Repair]"]:
    """As `read_front_matter`, with what had to be repaired; a reject says where a repair would help."""
    try:
        return *read_front_matter(front), ()
    except Reject as reject:
        if reject.reason is not Reason.INVALID_YAML:
            raise
        from transforms.repairing import repaired  # as for the judge

        mended = repaired(front.text, front.line, reject)
        if mended is None:
            raise
        if not repair:
            # The field alone: of the value it is not for a message to tell.
            fields = ", ".join(one.field[:100] for one in mended.repairs)
            advice = f"{reject.message}: write {fields} as '...', each ' in it twice, or build with --repair"
            raise replace(reject, message=advice) from None
    return *read_front_matter(replace(front, text=mended.text)), mended.repairs


def _read_judged(front: FrontMatter) -> Loaded:
    from transforms.yaml_judge import read_judged  # few files need it, and it takes as long to import as 500 to parse

    return read_judged(front.text, front.line)


def _read_toml(front: FrontMatter) -> Loaded:
    import tomllib

    try:
        value = tomllib.loads(front.text.decode(), parse_float=str)
    except tomllib.TOMLDecodeError as error:
        # Before Python 3.14 the place is in the message alone, counted from the fence.
        what, _, place = str(error).partition(" (at ")
        message = f"{what[:200]}: correct it, or write the front matter as YAML between lines of '---'"
        line, column = map(int, re.findall(r"\d+", place) or (front.text.count(b"\n"), 1))
        raise Reject(Reason.INVALID_TOML, message, line + front.line - 1, column) from None
    except RecursionError:
        raise too_deep() from None
    if is_deeper(value, MAX_DEPTH):
        raise too_deep()
    return Loaded(as_text(value))


def _read_json(front: FrontMatter) -> tuple[Loaded, bytes]:
    text = front.text.decode()
    repeated: list[tuple[str, object]] = []

    def mapping(pairs: list[tuple[str, object]]) -> Mapping:
        return keep_last(pairs, repeated)

    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=mapping)
    try:
        value, end = decoder.raw_decode(text)
    except json.JSONDecodeError as error:
        message = f"{error.msg}: correct it, or write the front matter as YAML between lines of '---'"
        raise Reject(Reason.INVALID_JSON, message, error.lineno + front.line - 1, error.colno) from None
    except RecursionError:
        raise too_deep() from None
    if is_deeper(value, MAX_DEPTH):
        raise too_deep()
    return Loaded(value, repeated), text[end:].encode(errors="surrogatepass")


def _not_a_mapping(front: FrontMatter) -> Reject:
    message = "the front matter is a list or a single value: write it as `key: value` lines"
    return Reject(Reason.NOT_A_MAPPING, message, front.line, 1)


def _document(
    path: str,
    meaning: str,
    value: Mapping,
    repeated: list[tuple[str, object]],
    body: bytes,
    repairs: "Sequence[Repair]",
) -> Document:
    shaping = Shaping()
    for repair in repairs:
        shaping.refuse(repair.field, repair.value, repair.problem)
    record, rest = shape_record(value, shaping)
    for key, earlier in repeated:
        if is_secured(key) or shaping.is_secured_nested:  # a key that may be a part of `secured` is as secret as it
            shaping.has_secured = True
        else:
            shaping.refuse(key, earlier, "the key stands twice in one mapping: the later value is used")
    text = body.decode(errors="replace").strip()
    record |= {"body_chars": len(text), "body_words": len(text.split()), "has_secured": shaping.has_secured}
    record |= {"is_repaired": bool(repairs)}
    record |= {"extra": dump_json(rest).decode() if rest else None, "issues": shaping.issues}
    record |= {"document_id": document_id(path), "path": path, "content_hash": meaning}
    return Document(dump_json(record), meaning)
