"""The preset that the keys of a document speak for."""

from collections.abc import Mapping
from typing import Final

from transforms.fields import DOCUMENT, GENERIC_FIELDS
from transforms.generic.keys import fold
from transforms.redact.secured import is_secured
from transforms.vocabulary import Preset

# Keys that no other generator writes.
_SMARTABLE: Final = frozenset(("publishedDateTime", "updatedDateTime", "originalUrl", "webUrl", "ampWebUrl"))
_DECLARED: Final = frozenset(field.key for field in DOCUMENT.fields)
_GENERIC: Final = frozenset(
    fold(alias.key.partition(".")[0]) for field in GENERIC_FIELDS for alias in field.aliases
) - frozenset(map(fold, _DECLARED))


def preset_of_keys(mapping: Mapping[str, object]) -> Preset | None:
    """The preset whose keys a document has; None if it has only keys that both know, or none that either does."""
    if _SMARTABLE.intersection(mapping) or any(map(is_secured, mapping)) or _has_provider(mapping):
        return Preset.SMARTABLE
    return Preset.GENERIC if any(fold(key) in _GENERIC for key in mapping) else None


def _has_provider(mapping: Mapping[str, object]) -> bool:
    provider = mapping.get("provider")
    return isinstance(provider, dict) and "domain" in provider
