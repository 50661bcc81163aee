"""Values of front matter -> single values of the declared kinds; None for a value of another kind."""

import re
from typing import Final
from urllib.parse import urlsplit

from transforms.generic.words import words
from transforms.parse.dates import read_date

_WIKILINK = re.compile(r"!?\[\[([^\[\]]+)\]\]\Z")
_ABSOLUTE_URL = re.compile(r"^https?://[^\s/?#]+\S*$", re.IGNORECASE)
_NO_PART_OF_A_PATH = re.compile(r"[\s<>{}]")
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_LANGUAGE = re.compile(r"^([A-Za-z]{2})(?:[-_][A-Za-z0-9]{2,8})*$")
_IMAGE_SUFFIXES: Final = (
    *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".ico", ".heic", ".apng"),
)
_PAGE_SUFFIXES: Final = (".html", ".htm", ".md", ".mdx", ".php", ".asp", ".aspx", ".pdf", ".mp4", ".webm", ".mp3", "/")
_PLACEHOLDER = re.compile(r"placeholder|^(?:default|dummy|todo|no-?image|image)\.", re.IGNORECASE)
_TRUE: Final = frozenset({"true", "yes", "on", "1"})
_FALSE: Final = frozenset({"false", "no", "off", "0"})
_DRAFT_STATUSES: Final = frozenset({"draft", "drafts", "unpublished", "in progress", "wip", "private", "hidden"})
_PUBLISHED_STATUSES: Final = frozenset({"published", "public", "live", "publish"})
# ISO 639-1.
_LANGUAGES: Final = words(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id "
    "ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu "
    "lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu "
    "rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr "
    "ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)


def as_text(value: object) -> str | None:
    """A text that is not blank, without white space around it."""
    if isinstance(value, str):
        return value.strip() or None
    return None


def as_label(value: object) -> str | None:
    """A text, or the text of a wikilink: its label, or else the last part of its target."""
    if is_wikilink(value):
        target, _, label = _link_text(value).partition("|")
        return (label or target.rpartition("/")[2]).strip() or None
    return as_text(value)


def is_wikilink(value: object) -> bool:
    """Whether a value is a single link of Obsidian, such as `[[Note]]`, which YAML reads as a list without quotes."""
    if isinstance(value, str):
        return _WIKILINK.match(value.strip()) is not None
    return isinstance(value, list) and len(value) == 1 and _is_list_of_one_text(value[0])


def is_wikilink_with_target(value: object) -> bool:
    """Whether a value is a link that has more than its label."""
    return is_wikilink(value) and re.search(r"[|/]", _link_text(value)) is not None


def _is_list_of_one_text(value: object) -> bool:
    return isinstance(value, list) and len(value) == 1 and isinstance(value[0], str)


def _link_text(value: object) -> str:
    if isinstance(value, list):
        return str(value[0][0])
    link = _WIKILINK.match(str(value).strip())
    return link[1] if link else ""


def is_template(text: str) -> bool:
    """Whether a text is to be filled in by a template engine, such as `{{date}}`."""
    return _TEMPLATE.search(text) is not None


def as_date(value: object) -> str | None:
    """A date or time as UTC text, such as 2021-04-20T22:38:00Z."""
    return read_date(value) if isinstance(value, str) else None


def as_url(value: object) -> str | None:
    """An absolute URL, or a path on the site."""
    text = as_text(value)
    if text and not is_template(text) and (_ABSOLUTE_URL.match(text) or _is_site_path(text)):
        return text
    return None


def _is_site_path(text: str) -> bool:
    """Whether a text is a path such as /a/, a/b or a.html, without a scheme, and without a query before a slash."""
    head, slash, _ = text.partition("/")
    has_form = slash or text.endswith((".html", ".htm"))
    return bool(has_form) and not any(mark in head for mark in ":?#") and not _NO_PART_OF_A_PATH.search(text)


def as_image(value: object) -> str | None:
    """The path or URL of an image; None for placeholders, and for what is no image by its extension."""
    text = as_label(value)
    if text is None or is_template(text) or "\n" in text:
        return None
    try:
        path = (urlsplit(text).path if _ABSOLUTE_URL.match(text) else re.split(r"[?#]", text, maxsplit=1)[0]).lower()
    except ValueError:  # such as http://[a
        return None
    if _PLACEHOLDER.search(path.rpartition("/")[2]):
        return None
    if path.endswith(_IMAGE_SUFFIXES) or text.lower().startswith("data:image/"):
        return text
    is_file = _ABSOLUTE_URL.match(text) and path.strip("/") and not path.endswith(_PAGE_SUFFIXES)
    return text if is_file else None


def as_flag(value: object) -> bool | None:
    """True or false, in any of the spellings of YAML 1.1."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in _TRUE else False if word in _FALSE else None


def as_status(value: object) -> bool | None:
    """Whether a status says that a document is published; None for other words."""
    label = as_label(value[0] if isinstance(value, list) and len(value) == 1 else value)
    word = label.lower() if label else ""
    return True if word in _PUBLISHED_STATUSES else False if word in _DRAFT_STATUSES else None


def as_language(value: object) -> str | None:
    """A language by its ISO 639-1 code, with or without a region."""
    text = as_text(value)
    code = _LANGUAGE.match(text) if text else None
    return text if code and code[1].lower() in _LANGUAGES else None


def as_number(value: object) -> str | None:
    """A finite number."""
    text = as_text(value)
    return text if text and re.fullmatch(r"[-+]?\d{1,15}(?:\.\d{1,15})?", text) else None
