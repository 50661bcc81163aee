"""Bytes of a file -> a document as a line of JSON, or a reject, or a skip.

rapidyaml reads first; whatever it leaves open goes to python-frontmatter, whose word is final. Nothing is dropped:
a value that no field takes is in the record's `extra`, a value that has to be refused in its `issues`, and only
`secured`, an encrypted blob, is left behind, in any spelling and at any depth, and credentials in URLs.
"""

from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from transforms.parse.content_hash import content_hash, hash_of_stored
from transforms.parse.json import read_json
from transforms.parse.limits import DEFAULT_LIMITS, Limits, too_large, too_long
from transforms.parse.nested import Mapping, ParsedFrontMatter, dump_json
from transforms.parse.outcomes import Document, Outcome, Reason, Reject, Skipped, Unchanged
from transforms.parse.records import RecordBuilder, shape_record
from transforms.parse.split import FrontMatter, split_front_matter
from transforms.parse.yaml_rapid import parse_with_rapidyaml
from transforms.redact.credentials import strip_credentials
from transforms.redact.record import is_suspect, redact

if TYPE_CHECKING:
    from transforms.parse.yaml_repair import Repaired


def document_id(path: str) -> str:
    """16 hex digits: a 64-bit hash of the path relative to the source, with `/`."""
    return blake2b(path.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def parse_file(
    path: str, data: bytes, known_hash: str | None = None, *, limits: Limits = DEFAULT_LIMITS, repair: bool = False
) -> Outcome:
    """What becomes of a file, given its path (the identity of the document) and its bytes.

    With the content hash that the document had, a file that still means the same is Touched and not parsed again.
    With `repair`, a value that breaks its line for want of quotes gets them, see `repairing`.
    """
    try:
        if len(data) > limits.file_bytes:
            raise too_large(limits)
        front = split_front_matter(data)
        if front is None:
            return Skipped()
        if front.format != "json" and len(front.text) > limits.front_matter_bytes:
            raise too_long(limits, front.line)
        meaning, left_out = content_hash(front)
        if meaning == known_hash:
            return Unchanged(meaning)
        loaded, body = _read_or_repair(front, limits, repair)
        if not isinstance(loaded.value, dict):
            raise _not_a_mapping(front)
        document = _document(path, meaning, left_out, loaded, body, limits)
        return Unchanged(document.content_hash) if document.content_hash == known_hash else document
    except Reject as reject:
        # Anew: the one that was raised holds the frames that it went through, and they all that a shard has read.
        return replace(reject, message=strip_credentials(reject.message))


def read_front_matter(front: FrontMatter, limits: Limits = DEFAULT_LIMITS) -> tuple[ParsedFrontMatter, bytes]:
    """The nested value of front matter in any format, and the body. Raises Reject."""
    if front.format == "yaml":
        return parse_with_rapidyaml(front.text, limits) or _read_judged(front, limits), front.body
    if front.format == "toml":
        return _read_toml(front, limits), front.body
    return read_json(front, limits)


def _read_or_repair(front: FrontMatter, limits: Limits, repair: bool) -> tuple[ParsedFrontMatter, bytes]:
    """As `read_front_matter`, with what had to be repaired; a reject says where a repair would help."""
    try:
        return read_front_matter(front, limits)
    except Reject as reject:
        mended = _repaired(front, limits, reject) if reject.reason is Reason.INVALID_YAML else None
        if mended is None:
            raise
        if not repair:
            # The field alone: of the value it is not for a message to tell.
            fields = ", ".join(one.field[:100] for one in mended.repairs)
            advice = f"{reject.message}: write {fields} as '...', each ' in it twice, or build with --repair"
            raise replace(reject, message=advice) from None
    loaded, body = read_front_matter(replace(front, text=mended.text), limits)
    return replace(loaded, repairs=mended.repairs), body


# Few files need these, and what they import takes as long as 500 files.
def _repaired(front: FrontMatter, limits: Limits, reject: Reject) -> "Repaired | None":
    from transforms.parse.yaml_repair import repaired

    return repaired(front.text, front.line, reject, limits)


def _read_judged(front: FrontMatter, limits: Limits) -> ParsedFrontMatter:
    from transforms.parse.yaml_reference import parse_with_pyyaml

    return parse_with_pyyaml(front.text, front.line, limits)


def _read_toml(front: FrontMatter, limits: Limits) -> ParsedFrontMatter:
    from transforms.parse.toml import read_toml

    return read_toml(front, limits)


def _not_a_mapping(front: FrontMatter) -> Reject:
    message = "the front matter is a list or a single value: write it as `key: value` lines"
    return Reject(Reason.NOT_A_MAPPING, message, front.line, 1)


def _document(
    path: str, meaning: str, left_out: int, loaded: ParsedFrontMatter, body: bytes, limits: Limits
) -> Document:
    """The document that front matter makes; `left_out` is how many keys were taken for `secured` for its meaning."""
    builder = RecordBuilder(max_items=limits.items)
    for each in loaded.repairs:
        builder.refuse(each.field, each.value, each.problem)
    record, extra = shape_record(loaded.value, builder)  # type: ignore[arg-type]  # a mapping, as the caller has seen
    builder.refuse_repeated(loaded.repeated)
    for name in loaded.shared:
        builder.withhold(name, "an alias shares it with a `secured` key, whose value is never stored")
    text = body.decode(errors="replace").strip()
    known: Mapping = {"document_id": document_id(path), "path": path, "content_hash": meaning}
    known |= {"body_chars": len(text), "body_words": count_words(text), "has_secured": builder.secured.count > 0}
    known |= {"is_repaired": bool(loaded.repairs)}
    line = _line(record, extra, builder, known)
    if is_suspect(line):
        redacted = redact(record, extra, builder.issues)
        record, extra, builder.issues = redacted.record, redacted.extra, redacted.issues
        builder.is_redacted |= redacted.is_changed
        line = _line(record, extra, builder, known)
    if builder.is_redacted or builder.secured.count != left_out:
        stored = [record, extra, builder.issues, known["has_secured"], known["is_repaired"]]
        known["content_hash"] = meaning = hash_of_stored(stored, body)
        line = _line(record, extra, builder, known)
    return Document(line, meaning)


def _line(record: Mapping, extra: Mapping, builder: RecordBuilder, known: Mapping) -> bytes:
    extra_json = dump_json(extra).decode() if extra else None
    return dump_json(record | known | {"extra": extra_json, "issues": builder.issues})


_PIECE: Final = 2**16


def count_words(text: str) -> int:
    """Runs of anything but white space, counted by pieces: a list of all words takes some fifteen times the text."""
    count = len(text[:_PIECE].split())
    for start in range(_PIECE, len(text), _PIECE):
        is_within_a_word = not (text[start - 1].isspace() or text[start].isspace())
        count += len(text[start : start + _PIECE].split()) - is_within_a_word
    return count
