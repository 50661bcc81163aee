"""The JSON Schema of mapping files is current, and accepts what a build accepts."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from frontmart.mapping.model import MappingModel
from frontmart.mapping.schema import mapping_schema

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
VALIDATOR = Draft202012Validator(mapping_schema())


def test_the_committed_schema_is_that_of_the_code() -> None:
    committed = (ROOT / "docs" / "static" / "frontmart.schema.json").read_text(encoding="utf-8")
    assert json.loads(committed) == mapping_schema(), "docs/static/frontmart.schema.json is stale: run `make docs`"
    Draft202012Validator.check_schema(mapping_schema())
    assert "null" not in committed


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_of_the_page_is_valid(text: str) -> None:
    values = tomllib.loads(text)
    assert values
    MappingModel.model_validate(values)
    assert [error.message for error in VALIDATOR.iter_errors(values)] == []


def test_the_page_has_an_example_for_each_generator() -> None:
    names = ("Hugo", "Jekyll", "Zola", "Astro", "Obsidian", "Docusaurus", "Eleventy", "Hashnode")
    sections = {name: PAGE.partition(f"\n### {name}\n")[2].partition("\n### ")[0] for name in names}
    assert [name for name, text in sections.items() if "```toml\n" not in text] == []


@pytest.mark.parametrize(
    "text",
    [
        '[fields]\ntopic = "x"',
        "[fields]\ntitle = []",
        '[fields]\ntitle = {key = "a", kind = "tag"}',
        '[columns]\na = "strin"',
        '[columns]\nA = "text"',
        '[[defaults]]\npath = "x"',
        "[feilds]",
    ],
)
def test_the_schema_refuses_what_a_build_refuses(text: str) -> None:
    assert not VALIDATOR.is_valid(tomllib.loads(text))
