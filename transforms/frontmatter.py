"""Bytes of a file -> a document as a line of JSON, or a reject, or a skip.

rapidyaml reads first; whatever it leaves open goes to python-frontmatter, whose word is final. Nothing is dropped:
a value that no field takes is in the record's `extra`, a value that has to be refused in its `issues`, and only
`secured`, an encrypted blob, is left behind, in any spelling and at any depth, and credentials in URLs.
"""

import json
import re
from dataclasses import replace
from hashlib import blake2b

from transforms.credentials import without_credentials
from transforms.fences import FrontMatter, split_front_matter
from transforms.meaning import content_hash, hash_of_stored
from transforms.outcomes import MAX_DEPTH, Document, Outcome, Reason, Reject, Skipped, Touched, too_deep, without_quoted
from transforms.records import Shaping, shape_record
from transforms.values import Loaded, Mapping, as_text, dump_json, is_deeper, keep_last
from transforms.withholding import is_suspect, withhold
from transforms.yaml_fast import read_fast


def document_id(path: str) -> str:
    """16 hex digits: a 64-bit hash of the path relative to the source, with `/`."""
    return blake2b(path.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def parse_file(path: str, data: bytes, known_hash: str | None = None) -> Outcome:
    """What becomes of a file, given its path (the identity of the document) and its bytes.

    With the content hash that the document had, a file that still means the same is Touched and not parsed again.
    """
    try:
        front = split_front_matter(data)
        if front is None:
            return Skipped()
        meaning, left_out = content_hash(front)
        if meaning == known_hash:
            return Touched(meaning)
        loaded, body = read_front_matter(front)
        if not isinstance(loaded.value, dict):
            raise _not_a_mapping(front)
        document = _document(path, meaning, left_out, loaded, body)
        return Touched(document.content_hash) if document.content_hash == known_hash else document
    except Reject as reject:
        # Anew: the one that was raised holds the frames that it went through, and they all that a shard has read.
        return replace(reject, message=without_credentials(reject.message))


def read_front_matter(front: FrontMatter) -> tuple[Loaded, bytes]:
    """The nested value of front matter in any format, and the body. Raises Reject."""
    if front.format == "yaml":
        return read_fast(front.text) or _read_judged(front), front.body
    if front.format == "toml":
        return _read_toml(front), front.body
    return _read_json(front)


def _read_judged(front: FrontMatter) -> Loaded:
    from transforms.yaml_judge import read_judged  # few files need it, and it takes as long to import as 500 to parse

    return read_judged(front.text, front.line)


def _read_toml(front: FrontMatter) -> Loaded:
    import tomllib

    try:
        value = tomllib.loads(front.text.decode(), parse_float=str)
    except tomllib.TOMLDecodeError as error:
        # Before Python 3.14 the place is in the message alone, counted from the fence.
        what, _, place = str(error).rpartition(" (at ")
        message = f"{without_quoted(what)}: correct it, or write the front matter as YAML between lines of '---'"
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


def _document(path: str, meaning: str, left_out: int, loaded: Loaded, body: bytes) -> Document:
    """The document that front matter makes; `left_out` is how many keys were taken for `secured` for its meaning."""
    shaping = Shaping()
    record, rest = shape_record(loaded.value, shaping)  # type: ignore[arg-type]  # a mapping, as the caller has seen
    shaping.refuse_repeated(loaded.repeated)
    for name in loaded.shared:
        shaping.withhold(name, None, "an alias shares it with a `secured` key, whose value is never stored")
    text = body.decode(errors="replace").strip()
    known: Mapping = {"document_id": document_id(path), "path": path, "content_hash": meaning}
    known |= {"body_chars": len(text), "body_words": len(text.split()), "has_secured": shaping.secured_count > 0}
    line = _line(record, rest, shaping, known)
    if is_suspect(line):
        record, rest = withhold(record, rest, shaping)
        line = _line(record, rest, shaping, known)
    if shaping.is_withheld or shaping.secured_count != left_out:
        known["content_hash"] = meaning = hash_of_stored([record, rest, shaping.issues, known["has_secured"]], body)
        line = _line(record, rest, shaping, known)
    return Document(line, meaning)


def _line(record: Mapping, rest: Mapping, shaping: Shaping, known: Mapping) -> bytes:
    extra = dump_json(rest).decode() if rest else None
    return dump_json(record | known | {"extra": extra, "issues": shaping.issues})
