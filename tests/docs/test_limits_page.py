"""The page of promises names every limit with the default that it has."""

import re
from pathlib import Path

from pydantic import ByteSize, TypeAdapter

from frontmart.settings import Settings
from transforms.parse.limits import DEFAULT_LIMITS
from transforms.parse.outcomes import Reason

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")


def test_every_limit_is_in_the_table_with_its_default() -> None:
    rows = re.findall(r"^\| `(max_\w+)` \| (\w+) \|", PAGE, re.MULTILINE)
    defaults = {name: int(TypeAdapter(ByteSize).validate_python(shown)) for name, shown in rows}
    limits = Settings.load(**defaults).limits
    assert len(defaults) == len(limits.__slots__)
    assert limits == DEFAULT_LIMITS


def test_every_reason_of_a_limit_is_on_the_page() -> None:
    reasons = {reason.value for reason in Reason if reason.value.startswith("too_")}
    assert {reason for reason in reasons if f"`{reason}`" not in PAGE} == set()
