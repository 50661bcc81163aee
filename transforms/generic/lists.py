"""Values of front matter -> the items of topics, authors, images and related; what no column takes is left over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from transforms.generic.keys import fold
from transforms.generic.readers import as_image, as_label, as_text, as_url, is_template, is_wikilink
from transforms.generic.words import words
from transforms.parse.nested import Mapping

_NAME_KEYS: Final = ("name", "title", "label", "value", "term", "slug", "id", "handle", "username", "github", "key")
_URL_KEYS: Final = ("url", "homepage", "link", "href", "website", "web", "site")
_IMAGE_KEYS: Final = ("src", "url", "image", "path", "file", "source", "relative", "teaser", "feature", "href")
_IMAGE_TITLE_KEYS: Final = ("title", "alt", "caption")
_CREDIT_KEYS: Final = ("attribution", "credit", "credits")
# Sections of a site by their use, which are no topics.
_SITE_SECTIONS: Final = words(
    "post posts page pages blog blogs article articles doc docs documentation project projects note notes "
    "tags categories home index news content site"
)


@dataclass(slots=True)
class Items:
    """The items that a value gives, in order, and its parts that no column takes, in the shape of the file, or None."""

    items: list[Mapping] = field(default_factory=list)
    left: object = None


def read_topics(value: object, separator: str, *, is_section: bool = False) -> Items | None:
    """Topics, each {"topic": text}; None if the value has no topics."""
    found = _items(value, separator, _topic)
    if found and is_section:
        named = [item for item in found.items if str(item["topic"]).lower() not in _SITE_SECTIONS]
        return Items(named, found.left) if len(named) == len(found.items) else None
    return found


def read_authors(value: object, separator: str) -> Items | None:
    """Authors, each {"name": text, "url": text}; None if the value has no authors."""
    if isinstance(value, dict) and value and not _first(value, _NAME_KEYS) and _are_mappings(value):
        # Mappings by id: {jane: {name: Jane Doe}}.
        value = [{"id": key, **each} if isinstance(each, dict) else each for key, each in value.items()]
    return _items(value, separator, _author)


def read_images(value: object) -> Items | None:
    """Images, in the shape of `fields.IMAGE`; None if the value has no image."""
    return _items(value, "\n", _image)


def read_related(value: object) -> Items | None:
    """Related articles with a title or an absolute URL, in the shape of `fields.RELATED`; None without one."""
    return _items(value, "\n", _related)


def _items(value: object, separator: str, read: Callable[[object], tuple[Mapping | None, object]]) -> Items | None:
    if isinstance(value, str):
        value = _pieces(value, separator or ",")
    elif isinstance(value, dict) or is_wikilink(value):
        value = [value]
    if not isinstance(value, list):
        return None
    found, left = Items(), []
    for each in value:
        item, rest = read(each)
        if item:
            found.items.append(item)
        left.append(rest)
    if not found.items:
        return None
    found.left = left if any(rest not in (None, {}) for rest in left) else None
    return found


def _pieces(text: str, separator: str) -> list[object]:
    """The parts of a text with several values; `#a #b` needs no other separator."""
    parts = text.split()
    if separator != " " and not (len(parts) > 1 and all(part.startswith("#") for part in parts)):
        parts = [text] if is_wikilink(text) else text.split(separator)
    return [part for part in parts if part.strip()]


def _topic(value: object) -> tuple[Mapping | None, object]:
    if isinstance(value, dict):
        key = _first(value, _NAME_KEYS)
        topic, _ = _topic(value[key]) if key else (None, None)
        return topic, _without(value, key) if topic else value
    text = as_label(value)
    if text is None or is_template(text):
        return None, value
    topic_text = text.removeprefix("#").strip()
    return ({"topic": topic_text}, None) if topic_text else (None, value)


def _author(value: object) -> tuple[Mapping | None, object]:
    if isinstance(value, dict):
        key = _first(value, _NAME_KEYS)
        name = as_label(value[key]) if key else None
        if not name:
            return None, value
        url_key = _first(value, _URL_KEYS)
        url = as_url(value[url_key]) if url_key else None
        author: Mapping = {"name": name}
        if url:
            author["url"] = url
        return author, _without(value, key, url_key if url else None)
    text = as_label(value)
    if text is None or is_template(text):
        return None, value
    name, mark, address = text.partition("<")
    is_address = mark and address.endswith(">") and name.strip()
    return {"name": name.strip() if is_address else text}, value if is_address else None


def _image(value: object) -> tuple[Mapping | None, object]:
    if isinstance(value, dict):
        for key in _present(value, _IMAGE_KEYS):
            if url := as_image(value[key]):
                return _image_of(value, key, url)
        return None, value
    image = as_image(value)
    return ({"url": image}, None) if image else (None, value)


def _image_of(value: Mapping, key: str, url: str) -> tuple[Mapping, object]:
    image: Mapping = {"url": url}
    used = [key]
    for column, keys in (("title", _IMAGE_TITLE_KEYS), ("attribution", _CREDIT_KEYS)):
        name = _first(value, keys)
        text = as_text(value[name]) if name else None
        if name and text:
            image[column] = text
            used.append(name)
    for size in ("width", "height"):
        text = as_text(value.get(size))
        if text and text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 9:
            image[size] = text
            used.append(size)
    return image, _without(value, *used)


def _related(value: object) -> tuple[Mapping | None, object]:
    if isinstance(value, dict):
        title_key, url_key = _first(value, ("title", "name", "text")), _first(value, _URL_KEYS)
        title = as_text(value[title_key]) if title_key else None
        url = as_url(value[url_key]) if url_key else None
        if not title and not url:
            return None, value
        item: Mapping = {}
        item |= {name: text for name, text in (("title", title), ("webUrl", url)) if text}
        return item, _without(value, title_key if title else None, url_key if url else None)
    text = as_text(value)
    is_url = text is not None and "://" in text and as_url(text) is not None
    return ({"webUrl": text}, None) if is_url else (None, value)


def _present(value: Mapping, keys: tuple[str, ...]) -> list[str]:
    """The keys of a mapping that mean one of the given ones, in the order of the given ones."""
    folded = {fold(key): key for key in value}
    return [folded[key] for key in keys if key in folded]


def _first(value: Mapping, keys: tuple[str, ...]) -> str | None:
    return next((key for key in _present(value, keys) if value[key] not in (None, "")), None)


def _without(value: Mapping, *keys: str | None) -> Mapping | None:
    return {key: each for key, each in value.items() if key not in keys} or None


def _are_mappings(value: Mapping) -> bool:
    return all(isinstance(each, dict) for each in value.values())
