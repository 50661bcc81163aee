"""The provider of a document, from the value of the key that the mapping file names."""

from typing import Final
from urllib.parse import urlsplit

from transforms.generic.keys import fold
from transforms.generic.readers import as_label, as_text, is_template
from transforms.parse.nested import Mapping

_NAMES: Final = ("name", "title", "label")
_DOMAINS: Final = ("domain", "url", "website", "homepage", "link")


def read_provider(value: object) -> Mapping | None:
    """A provider, {"name": text, "domain": text} with at least one of them; None if the value has neither.

    The value may be a name, a URL, of which the host is the domain, a mapping with either, or a list of one of these.
    """
    if isinstance(value, list) and len(value) == 1:
        return read_provider(value[0])
    if isinstance(value, dict):
        folded = {fold(key): each for key, each in value.items()}
        name = next((text for key in _NAMES if (text := as_label(folded.get(key)))), None)
        domain = next((host for key in _DOMAINS if (host := _host(folded.get(key), is_domain=key == "domain"))), None)
    else:
        domain = _host(value)
        name = as_label(value)
    name = None if name and (is_template(name) or "://" in name) else name
    return {key: text for key, text in (("name", name), ("domain", domain)) if text} or None


def _host(value: object, *, is_domain: bool = False) -> str | None:
    """The host of an absolute URL, or a domain as it is."""
    text = as_text(value)
    if text is None or is_template(text):
        return None
    if "://" not in text:
        return text if is_domain else None
    try:
        return urlsplit(text).hostname
    except ValueError:
        return None
