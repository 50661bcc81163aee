"""Bytes of a file -> a document as a line of JSON, a reject, or a skip.

YAML goes to rapidyaml first and, where that is not certain, to python-frontmatter, whose result counts. Nothing is
dropped: values that no field takes are in the record's `extra`, values that are refused in its `issues`. Only
`secured`, an encrypted blob, is left out, in any spelling and at any depth, and credentials in URLs.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from transforms.parse.content_hash import ContentHash, content_hash, hash_of_stored
from transforms.parse.json import read_json
from transforms.parse.limits import DEFAULT_LIMITS, Limits, too_large, too_long
from transforms.parse.nested import Mapping, ParsedFrontMatter, dump_json
from transforms.parse.outcomes import Document, Outcome, Reason, Reject, RelatedItem, Skipped, Unchanged
from transforms.parse.records import RecordBuilder, shape_record
from transforms.parse.related_list import RelatedTexts
from transforms.parse.split import FrontMatter, split_file
from transforms.parse.yaml_rapid import parse_with_rapidyaml
from transforms.redact.credentials import strip_credentials
from transforms.redact.record import is_suspect, redact

if TYPE_CHECKING:
    from transforms.parse.yaml_repair import Repaired


# What is known of a document without its front matter.
KNOWN_NAMES: Final = ("document_id", "path", "content_hash", "body_chars", "body_words")

MakeRecord = Callable[[Mapping, str, RecordBuilder], tuple[Mapping, Mapping]]
# What the content hash covers, and a function that finds the values of KNOWN_NAMES as JSON -> the document as a line of
# JSON, and its related items; None if its front matter is not plain.
ReadLine = Callable[[ContentHash, Callable[[], Sequence[bytes]]], tuple[bytes, Sequence[RelatedItem]] | None]
# YAML -> its mapping; None if it is not plain, or may exceed the limits.
ReadMapping = Callable[[bytes, Limits], ParsedFrontMatter | None]
# Content hashes that a document is known to have had.
KnownHashes = Container[str]


def shape_declared(mapping: Mapping, _path: str, builder: RecordBuilder) -> tuple[Mapping, Mapping]:
    """The record and the extra of a document of the preset `smartable`."""
    return shape_record(mapping, builder)


def keep_all_keys(
    make_record: MakeRecord, mapping: Mapping, path: str, builder: RecordBuilder
) -> tuple[Mapping, Mapping]:
    """The record that a function makes, and as the extra the whole front matter but its `secured` keys."""
    record, _ = make_record(mapping, path, builder)
    return record, builder.secured.clean(mapping)  # type: ignore[return-value]  # a mapping, as was given


def document_id(path: str) -> str:
    """16 hex digits: a 64-bit hash of the path relative to the source, with `/`."""
    return blake2b(path.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def parse_file(
    path: str,
    data: bytes,
    known_hashes: KnownHashes = (),
    *,
    limits: Limits = DEFAULT_LIMITS,
    repair: bool = False,
    make_record: MakeRecord = shape_declared,
    read_line: ReadLine | None = None,
    read_mapping: ReadMapping | None = None,
    related_texts: RelatedTexts | None = None,
) -> Outcome:
    """Parse a file -> its outcome.

    Args:
        path: the path relative to the source, which identifies the document; its extension decides how to read it.
        data: the bytes of the file.
        known_hashes: content hashes that the document had, such as that in the last snapshot. With one of them, the
            outcome is Unchanged and the file is not parsed.
        limits: the limits of the file.
        repair: whether values that lack quotes are read as if quoted, see `yaml_repair`.
        make_record: turns front matter into a record, by the preset: for `generic`, see `transforms.generic.adapt`.
        read_line: a faster way to the same document for plain front matter, given the same limits, if `make_record` is
            `shape_declared`: see `transforms.outline`.
        read_mapping: a faster way to the same mapping for plain front matter.
        related_texts: remembers the texts of related items of other files, which saves time.
    """
    try:
        if len(data) > limits.file_bytes:
            raise too_large(limits)
        front = split_file(path, data)
        if front is None:
            return Skipped()
        if front.format != "json" and len(front.text) > limits.front_matter_bytes:
            raise too_long(limits, front.line)
        hash_ = content_hash(front, related_texts)
        if hash_.hexdigest in known_hashes:
            return Unchanged(hash_.hexdigest)
        if read_line and front.format == "yaml":
            read = read_line(hash_, partial(_known_json, path, hash_.hexdigest, front.body))
            if read is not None:
                line, related = read
                return Document(line, hash_.hexdigest, related)
        plain = read_mapping(front.text, limits) if read_mapping and front.format == "yaml" else None
        parsed, body = (plain, front.body) if plain else _read_or_repair(front, limits, repair)
        if not isinstance(parsed.value, dict):
            raise _not_a_mapping(front)
        builder = RecordBuilder(max_items=limits.items, line_of=partial(_line_of_key, front, limits))
        document = _document(path, hash_, parsed, body, builder, make_record)
        return Unchanged(document.content_hash) if document.content_hash in known_hashes else document
    except Reject as reject:
        # A new one: the traceback of the one raised refers to frames, and through them to all files of a shard.
        return replace(reject, message=strip_credentials(reject.message))


def read_front_matter(front: FrontMatter, limits: Limits = DEFAULT_LIMITS) -> tuple[ParsedFrontMatter, bytes]:
    """The nested value of front matter in any format, and the body. Raises Reject."""
    if front.format == "yaml":
        return parse_with_rapidyaml(front.text, limits) or _parse_with_pyyaml(front, limits), front.body
    if front.format == "toml":
        return _read_toml(front, limits), front.body
    return read_json(front, limits)


def _read_or_repair(front: FrontMatter, limits: Limits, repair: bool) -> tuple[ParsedFrontMatter, bytes]:
    """As `read_front_matter`, with repairs; a reject names the fields that a repair would quote."""
    try:
        return read_front_matter(front, limits)
    except Reject as reject:
        repaired = _repair_quotes(front, limits, reject) if reject.reason is Reason.INVALID_YAML else None
        if repaired is None:
            raise
        if not repair:
            # Only the fields: a value may be secret.
            fields = ", ".join(one.field[:100] for one in repaired.repairs)
            advice = f"{reject.message}: put single quotes around the value of {fields}, doubling each ' in it"
            raise replace(reject, message=f"{advice}, or build with --repair") from None
    parsed, body = read_front_matter(replace(front, text=repaired.text), limits)
    return replace(parsed, repairs=repaired.repairs), body


# Few files need these parsers, and importing them takes as long as parsing 500 files.
def _repair_quotes(front: FrontMatter, limits: Limits, reject: Reject) -> "Repaired | None":
    from transforms.parse.yaml_repair import repair_quotes

    return repair_quotes(front.text, front.line, reject, limits)


def _parse_with_pyyaml(front: FrontMatter, limits: Limits) -> ParsedFrontMatter:
    from transforms.parse.yaml_reference import parse_with_pyyaml

    return parse_with_pyyaml(front.text, front.line, limits)


def _read_toml(front: FrontMatter, limits: Limits) -> ParsedFrontMatter:
    from transforms.parse.toml import read_toml

    return read_toml(front, limits)


def _line_of_key(front: FrontMatter, limits: Limits, key: str) -> int | None:
    from transforms.parse.key_lines import line_of_key

    return line_of_key(front, key, limits)


def _not_a_mapping(front: FrontMatter) -> Reject:
    message = "the front matter is a list or a single value: write it as `key: value` lines"
    return Reject(Reason.NOT_A_MAPPING, message, front.line, 1)


def _document(
    path: str,
    hash_: ContentHash,
    parsed: ParsedFrontMatter,
    body: bytes,
    builder: RecordBuilder,
    make_record: MakeRecord,
) -> Document:
    """The document of parsed front matter."""
    for each in parsed.repairs:
        builder.refuse(each.field, each.value, each.problem)
    record, extra = make_record(parsed.value, path, builder)  # type: ignore[arg-type]  # a mapping: the caller checked
    builder.refuse_repeated(parsed.repeated)
    for name in parsed.shared:
        builder.withhold(name, "shared by an alias with a `secured` key, whose value is never stored")
    known = _known(path, hash_.hexdigest, body)
    known |= {"has_secured": builder.secured.count > 0, "is_repaired": bool(parsed.repairs)}
    line = _line(record, extra, builder, known)
    if is_suspect(line):
        redacted = redact(record, extra, builder.issues, builder.names and builder.names())
        record, extra, builder.issues = redacted.record, redacted.extra, redacted.issues
        builder.is_redacted |= redacted.is_changed
        line = _line(record, extra, builder, known)
    if builder.is_redacted or builder.secured.count != hash_.left_out:
        stored = [record, extra, builder.issues, known["has_secured"], known["is_repaired"]]
        known["content_hash"] = hash_of_stored(stored, body)
        line = _line(record, extra, builder, known)
    return Document(line, str(known["content_hash"]))


def _known(path: str, hash_: str, body: bytes) -> Mapping:
    """The values of KNOWN_NAMES."""
    text = body.decode(errors="replace").strip()
    return dict(zip(KNOWN_NAMES, (document_id(path), path, hash_, len(text), count_words(text)), strict=True))


def _known_json(path: str, hash_: str, body: bytes) -> list[bytes]:
    """The values of KNOWN_NAMES as JSON."""
    return [dump_json(value) for value in _known(path, hash_, body).values()]


def _line(record: Mapping, extra: Mapping, builder: RecordBuilder, known: Mapping) -> bytes:
    extra_json = dump_json(extra).decode() if extra else None
    return dump_json(record | known | {"extra": extra_json, "issues": builder.issues})


_PIECE: Final = 2**16


def count_words(text: str) -> int:
    """Words separated by white space, counted piece by piece: a list of all words takes fifteen times the memory."""
    count = len(text[:_PIECE].split())
    for start in range(_PIECE, len(text), _PIECE):
        is_within_a_word = not (text[start - 1].isspace() or text[start].isspace())
        count += len(text[start : start + _PIECE].split()) - is_within_a_word
    return count
