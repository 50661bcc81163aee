"""docs/dictionary.md and docs/lineage.svg agree with sql/ and the schemas."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from docs.generate import write_docs
from frontmart.catalog.models import Model, read_functions
from frontmart.catalog.sql_folder import SQL
from frontmart.dictionary.tables import CatalogTable, read_tables
from frontmart.warehouse.macros import signature
from tests.sample import SAMPLE

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "dictionary.md").read_text(encoding="utf-8")
TABLES = read_tables(SQL)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.build
def test_make_docs_would_change_nothing(tmp_path: Path) -> None:
    write_docs(SAMPLE, tmp_path)
    for name in ("dictionary.md", "lineage.svg"):
        assert (tmp_path / name).read_text(encoding="utf-8") == (DOCS / name).read_text(encoding="utf-8"), (
            f"docs/{name} is not of these models and schemas: run `make docs`"
        )


@pytest.mark.parametrize("table", TABLES, ids=[table.full_name for table in TABLES])
def test_every_table_has_a_section_with_a_row_for_every_column(table: CatalogTable) -> None:
    section = TEXT.split(f'<a id="{table.full_name.replace(".", "-")}"></a>')[1].split("\n### ")[0]
    rows = re.findall(r"^\| `(\w+)` \| [A-Z]+ \| .* \| (?:yes|no) \| \S.* \|.*\|$", section, re.MULTILINE)
    assert rows == [column.name for column in table.columns]


@pytest.mark.parametrize("function", read_functions(SQL), ids=lambda function: function.name)
def test_every_function_has_a_row_on_one_line_and_a_definition(function: Model) -> None:
    section = TEXT.split("\n## Functions\n")[1]
    assert re.search(rf"^\| `{re.escape(signature(function))}` \| \S.* \|$", section, re.MULTILINE)
    assert f"-- {signature(function)}\n{function.sql}\n" in section


def test_every_link_leads_to_a_place_of_the_page() -> None:
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= set(re.findall(r'<a id="([^"]+)">', TEXT))


def test_the_picture_shows_every_table_and_says_in_words_what_it_shows() -> None:
    root = ET.fromstring((DOCS / "lineage.svg").read_text(encoding="utf-8"))
    shown = [text.text for text in root.iter(f"{SVG}text")]
    layers = ("tidy", "staging", "core", "history", "drift", "marts")
    tables = [table for table in TABLES if table.group in layers]
    for name in {*layers, *(table.name for table in tables)}:
        assert shown.count(name) == [*layers, *(table.name for table in tables)].count(name)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]
    assert "marts.topic_pairs reads core.article_topics, core.articles, core.dim_topics" in str(description.text)
    edges = {(read, table.full_name) for table in tables for read in table.reads if read != "staging.build"}
    assert len(list(root.iter(f"{SVG}path"))) == len(edges)
