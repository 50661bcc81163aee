"""The mapping file of a source."""

from frontmart.settings import Settings
from transforms.generic.rules import FieldRules


def read_rules(settings: Settings) -> FieldRules | None:
    """The rules of the mapping file; None without one."""
    return None
