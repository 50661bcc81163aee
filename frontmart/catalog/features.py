"""What only some corpora record, such as scores or providers: marts leave out the columns of what a corpus lacks.

A column that needs a feature says so in the header of its model, see `headers`; `trim` leaves it out.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final


class Feature(StrEnum):
    """Something that the posts of a corpus may have."""

    SCORES = "scores"  # heat and quality
    RELATED = "related"  # lists of other articles with their title and URL, from which clusters are made
    PROVIDER = "provider"  # who published a post
    AUTHORS = "authors"
    TOPICS = "topics"
    IMAGES = "images"
    IMAGE_HOSTS = "image_hosts"
    IMAGE_SIZES = "image_sizes"
    IMAGE_CACHE = "image_cache"  # whether an image is cached
    VIDEOS = "videos"


ALL_FEATURES: Final = frozenset(Feature)

# Why a feature is missing, and what would change that; the marts that are empty without it complete the sentence.
_ABSENT: Final = {
    Feature.PROVIDER: "No provider: no key of these files says who published them; set `provider` in the mapping file "
    "(docs/mapping.md), until then",
    Feature.RELATED: "No related items: no post lists other articles with their title and URL, so there are no "
    "clusters and",
    Feature.AUTHORS: "No authors: no post names who wrote it, so",
    Feature.TOPICS: "No topics: no post has tags, categories or other topics, so",
}
_NAMES: Final = {
    Feature.PROVIDER: "a provider",
    Feature.RELATED: "related articles",
    Feature.AUTHORS: "authors",
    Feature.TOPICS: "topics",
}
# The other features, as a list in one sentence.
_NOUNS: Final = {
    Feature.SCORES: "heat or quality",
    Feature.IMAGES: "images",
    Feature.IMAGE_HOSTS: "image hosts",
    Feature.IMAGE_SIZES: "image sizes",
    Feature.IMAGE_CACHE: "cached images",
    Feature.VIDEOS: "videos",
}
_OF_IMAGES: Final = (Feature.IMAGE_HOSTS, Feature.IMAGE_SIZES, Feature.IMAGE_CACHE)


def features_as_text(features: Collection[Feature]) -> str:
    """Features as `tidy.build` stores them: names separated by commas, in the order of their declaration."""
    return ", ".join(feature for feature in Feature if feature in features)


def features_of_text(text: str | None) -> frozenset[Feature]:
    """The features that `features_as_text` wrote; all of them for None."""
    return features_of_names(None if text is None else text.split(", "))


def features_of_names(names: Collection[str] | None) -> frozenset[Feature]:
    """The features with these names, without those of other versions; all of them for None."""
    return ALL_FEATURES if names is None else frozenset(feature for feature in Feature if feature in names)


def absence_notes(features: Collection[Feature], empty: Iterable[tuple[str, Feature]]) -> list[str]:
    """A sentence for each feature without which marts are empty, and one for all others; none if nothing is missing.

    Args:
        features: the features that the corpus has.
        empty: the marts that are empty without a feature, each with the feature.
    """
    tables: dict[Feature, list[str]] = {}
    for name, feature in sorted(empty):
        tables.setdefault(feature, []).append(name)
    notes = [
        f"{sentence} {_are_empty(tables[feature])}."
        for feature, sentence in _ABSENT.items()
        if feature not in features and feature in tables
    ]
    nouns = _absent_nouns(features)
    if not nouns:
        return notes
    marts = [mart for feature in nouns for mart in tables.get(feature, ())]
    ending = f", and {_are_empty(marts)}" if marts else ""
    return [*notes, f"No post has {join_words([*nouns.values()], 'or')}: no mart has columns for that{ending}."]


def absence(features: Collection[Feature]) -> str:
    """What no post has, in words: `related articles, a provider or images`; empty if nothing is missing."""
    named = [noun for feature, noun in _NAMES.items() if feature not in features]
    nouns = [*named, *_absent_nouns(features).values()]
    return join_words(nouns, "or") if nouns else ""


def _absent_nouns(features: Collection[Feature]) -> dict[Feature, str]:
    return {
        feature: noun
        for feature, noun in _NOUNS.items()
        if feature not in features and (Feature.IMAGES in features or feature not in _OF_IMAGES)
    }


def _are_empty(marts: list[str]) -> str:
    return f"{join_words(marts)} {'is' if len(marts) == 1 else 'are'} empty"


def join_words(words: list[str], conjunction: str = "and") -> str:
    """Words as a list in a sentence: `a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
