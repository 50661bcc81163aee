"""Repairs of text. Each searches for the few affected texts with a pattern, and repairs each distinct one once."""

import html.entities
import re
from urllib.parse import unquote

import polars as pl

from transforms.redact.credentials import strip_credentials
from transforms.tidy.distinct import change_distinct

# A lead byte of UTF-8 followed by a continuation byte, both read as Windows-1252 or Latin-1.
_WINDOWS_1252 = bytes(byte for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d").decode("cp1252")
_MOJIBAKE = rf"[\u00c2-\u00f4][\u0080-\u00bf{_WINDOWS_1252}]"
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_PERCENT = r"%[0-9A-Fa-f]{2}"


def repair_encoding(texts: pl.Series) -> pl.Series:
    """Undo mojibake ('â€™' for a curly quote). Typography, non-breaking spaces and entities are left as written."""
    return change_distinct(texts, _MOJIBAKE, _fix_encoding)


def unescape_entities(texts: pl.Series) -> pl.Series:
    """Turn HTML entities that end in a semicolon into their characters."""
    return change_distinct(texts, _ENTITY, _unescape)


def undo_percent_encoding(texts: pl.Series) -> pl.Series:
    """Turn 'Morning%2c Inc.' into 'Morning, Inc.'; names that do not decode to text are left as written."""
    return change_distinct(texts, _PERCENT, _unquote)


def _fix_encoding(text: str) -> str:
    import ftfy

    # A byte order mark that was read as text is not part of a title.
    return ftfy.fix_encoding(text).replace("\ufeff", "")


def _unescape(text: str) -> str:
    changed = re.sub(_ENTITY, lambda entity: html.unescape(entity[0]) if _is_entity(entity[0]) else entity[0], text)
    return strip_credentials(changed)


def _is_entity(written: str) -> bool:
    # The standard library also accepts the start of a name: it reads '&notable;' as '&not' and 'able;'.
    return written.startswith("&#") or written[1:] in html.entities.html5


def _unquote(text: str) -> str:
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text
    return strip_credentials(decoded) if decoded.isprintable() else text
