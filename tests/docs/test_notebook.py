"""The notebook of five questions: its copies are in step with it, and it runs on any corpus, with the right numbers."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import polars as pl
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import frontmart
from docs.notebook import AS_OF, FOLDER, NAME, export_ipynb, page_files, run_ipynb
from docs.notebooks.five_questions import app
from tests.sample import SAMPLE, build_quietly

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

SOURCE = FOLDER / f"{NAME}.py"
COPY = (FOLDER / f"{NAME}.ipynb").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_quietly(SAMPLE, tmp_path_factory.mktemp("notebook") / "data", as_of=AS_OF).out


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of a corpus without providers, topics, dates or anything else that a question is about, in a kernel."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "posts").mkdir()
    (folder / "posts" / "post.md").write_text("---\ntitle: Alone\n---\n")
    cell = new_code_cell("import frontmart\nprint(frontmart.build('posts', 'data').outcome)")
    executed = run_ipynb(nbformat.writes(new_notebook(cells=[cell])), folder)
    assert executed.cells[0].outputs[0]["text"] == "published\n"
    return folder / "data"


def chosen(value: object, key: str = "") -> SimpleNamespace:
    """A control as a cell reads it, after somebody chose a value."""
    return SimpleNamespace(value=value, selected_key=key or str(value))


def run(out: Path, monkeypatch: pytest.MonkeyPatch, **choices: SimpleNamespace) -> Mapping[str, Any]:
    """Run all cells over an output folder -> the names that they define."""
    monkeypatch.setenv("FRONTMART_OUT", str(out))
    _, names = app.run(defs=choices) if choices else app.run()
    return names


def rows(out: Path, sql: str) -> list[tuple[object, ...]]:
    with frontmart.connect(out) as connection:
        return connection.execute(sql).fetchall()


def test_the_jupyter_copy_is_what_marimo_exports_and_has_no_outputs() -> None:
    assert export_ipynb(SOURCE) == COPY, "run `make docs`"
    cells = json.loads(COPY)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell for cell in code if cell["outputs"] or cell["execution_count"]] == []
    assert len(cells) - len(code) == 6  # texts, which are no code in Jupyter


def test_a_run_of_the_jupyter_copy_from_an_empty_kernel_is_the_page_of_the_docs(out: Path) -> None:
    files = page_files(run_ipynb(COPY, out.parent))
    assert sorted(files) == sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".md", ".svg"))
    assert [name for name, text in files.items() if text != (FOLDER / name).read_text(encoding="utf-8")] == []


def test_the_notebook_runs_as_a_script_in_the_folder_of_the_data(out: Path) -> None:
    done = subprocess.run([sys.executable, SOURCE], cwd=out.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("days", [28, 90])
def test_the_choice_of_a_window_decides_the_events_and_the_topics(
    out: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    names = run(out, monkeypatch, days=chosen(days))
    expected = rows(
        out,
        "select distinct event_id from core.articles where event_id is not null "
        f"and days_before_window_end between 0 and {days - 1}",
    )
    assert sorted(names["events"]["event_id"]) == sorted(event for (event,) in expected)
    momentum = frontmart.read("topic_momentum", out).filter(pl.col("window_days") == days)
    assert sorted(names["momentum"]["topic"]) == sorted(momentum["topic"])


def test_the_choice_of_a_topic_and_an_organisation_decides_the_articles(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = rows(
        out,
        "select distinct articles.title, articles.organisation_id, topics.topic_id from core.articles as articles "
        "inner join core.article_topics as topics using (document_id) "
        "where is_news and organisation_id is not null and not exists (from core.dim_topics as t "
        "where t.topic_id = topics.topic_id and is_omnipresent) order by all limit 1",
    )
    ((title, organisation, topic),) = wanted
    found = run(out, monkeypatch, topic=chosen(topic), organisation=chosen(organisation, "One"))["articles"]
    assert title in found["title"].to_list()
    everyone = run(out, monkeypatch, topic=chosen(topic), organisation=chosen(None, "all"))["articles"]
    of_topic = rows(out, f"select count(*) from articles_about('{topic}') where kind = 'news'")
    assert (len(found) < len(everyone), [(len(everyone),)]) == (True, of_topic)


def test_it_runs_on_a_corpus_that_has_none_of_what_it_asks_for(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = run(bare, monkeypatch)
    asked = ("events", "momentum", "organisations", "months", "articles")
    assert {name: len(names[name]) for name in asked} == dict.fromkeys(asked, 0)
