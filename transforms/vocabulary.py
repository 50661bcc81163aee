"""The closed sets of words in the tidy tables."""

from enum import StrEnum


class FileOutcome(StrEnum):
    """The outcome of a file: the values of `files.outcome`."""

    DOCUMENT = "document"
    REJECT = "reject"
    SKIPPED = "skipped"


class Reason(StrEnum):
    """The reason why a file is rejected: the values of `rejects.reason`."""

    UNREADABLE = "unreadable"
    NOT_UNICODE = "not_unicode"
    UNCLOSED_FENCE = "unclosed_fence"
    INVALID_YAML = "invalid_yaml"
    INVALID_TOML = "invalid_toml"
    INVALID_JSON = "invalid_json"
    NOT_A_MAPPING = "not_a_mapping"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY_VALUES = "too_many_values"
    TOO_MANY_ALIASES = "too_many_aliases"
    CRASHED = "crashed"
