"""Render the page: template, style, scripts and data in one file, with a policy that forbids everything else."""

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from frontmart.catalog.features import ALL_FEATURES, absence, features_of_text, join_words
from frontmart.catalog.trim import trim_notes
from frontmart.report import coverage_tables, health_tables
from frontmart.report.article_data import article_columns, compressed
from frontmart.report.base import names_events, noun, span, staleness, title_noun, unit, window
from frontmart.report.cells import PageTable
from frontmart.report.chart_data import page_data
from frontmart.report.charts import compile_charts
from frontmart.report.charts.compile import library
from frontmart.report.charts.events import EVENT_COUNT
from frontmart.report.headline import headline
from frontmart.report.history import history_days, history_section, take_downs
from frontmart.report.kpis import kpis
from frontmart.report.labels import CHART_COUNT, name_places
from frontmart.report.queries import Tables, shown_features
from frontmart.report.sparkline import HEIGHT, WIDTH
from frontmart.report.summary import dating, sentences
from frontmart.report.wording import Name, clean, count, day
from frontmart.shipped_sql import shipped_sql
from frontmart.warehouse.checks import CheckResult
from transforms.vocabulary import Preset

_PAGE: Final = Path(__file__).parent / "page"
# Of fewer articles, their list says more than any chart.
_LEAST_CHARTED: Final = 3
# In order of dependency.
_SCRIPTS: Final = (
    "columns.js",
    "selection.js",
    "rows.js",
    "texts.js",
    "measures.js",
    "elements.js",
    "downloads.js",
    "combobox.js",
    "figures.js",
    "tables.js",
    "list.js",
    "pages.js",
    "page.js",
    "overflow.js",
)
_STYLES: Final = ("report.css", "explore.css", "summary.css")


def render(tables: Tables, checks: Sequence[CheckResult], snapshot_id: str, name: str) -> str:
    """Render the report as HTML; the same arguments give the same text.

    Args:
        tables: the results of `run_report_queries`.
        checks: the results of the checks of the snapshot.
        snapshot_id: the id of the snapshot.
        name: the name of the corpus.
    """
    scope, features = tables["scope"].row(0, named=True), shown_features(tables)
    style = "\n".join(_read(name) for name in _STYLES)
    scripts = [_inline(library()), _inline("\n".join(_read(name) for name in _SCRIPTS))]
    page: str = _template().render(
        policy=_policy(style, scripts),
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
        data=_as_json({**page_data(tables), "charts": compile_charts(features, scope["period_grain"])}),
        articles=compressed(article_columns(tables)),
        listed_count=tables["article_list"].height,
        scope=scope,
        place_of=name_places(tables),
        features=features,
        notes=_notes(tables),
        absent=absence(features_of_text(scope["features"])),
        scores=tables["scores"].rows(named=True),
        is_site=scope["preset"] == Preset.GENERIC,
        snapshot_id=snapshot_id,
        corpus=clean(name.encode("utf-8", "replace").decode(), 120),
        span=span(scope),
        window=window(scope) if scope["first_date"] else None,
        headline=headline(tables),
        kpis=kpis(tables),
        sparkline_size=(WIDTH, HEIGHT),
        sentences=sentences(tables),
        dates=dating(tables),
        tables=_page_tables(tables, checks),
        chart_count=CHART_COUNT,
        event_chart_count=EVENT_COUNT,
        staleness=staleness(scope),
        names_events=names_events(tables),
        is_charted=scope["article_count"] >= _LEAST_CHARTED,
        unit=unit(scope),
        noun=noun(scope),
        nouns=f"{noun(scope)}s",
        title_nouns=title_noun(scope),
        topic_count=tables["topics"]["topic_count"][0] if tables["topics"].height else 0,
        omnipresent_count=tables["omnipresent_topics"].height,
        uncharted_count=_uncharted_count(tables) - scope["undated_article_count"],
        run_count=tables["runs"].height,
        history=history_section(tables),
        files=tables["files"].row(0, named=True),
    )
    return page


def _page_tables(tables: Tables, checks: Sequence[CheckResult]) -> dict[str, PageTable]:
    page_tables = (
        coverage_tables.topics(tables),
        coverage_tables.providers(tables),
        coverage_tables.authors(tables),
        coverage_tables.pairs(tables),
        coverage_tables.events(tables),
        health_tables.fields(tables),
        health_tables.provider_fields(tables),
        health_tables.rejects(tables),
        health_tables.field_issues(tables),
        health_tables.drift(tables),
        health_tables.checks(checks),
        health_tables.runs(tables),
        history_days(tables),
        take_downs(tables),
    )
    return {table.id.replace("-", "_"): table for table in page_tables}


def _uncharted_count(tables: Tables) -> int:
    """Articles in no period of the charts, those without a date included."""
    return int(tables["coverage"].filter(period_number=-1)["article_count"].sum())


def _notes(tables: Tables) -> list[str]:
    """Sentences that say what no article has, and which marts are empty for that."""
    features = features_of_text(tables["scope"]["features"][0])
    return trim_notes(shipped_sql().models, features) if features < ALL_FEATURES else []


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_PAGE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters |= {"day": day, "count_of": count, "words": join_words}
    environment.tests["name"] = lambda part: isinstance(part, Name)
    return environment.get_template("report.html.jinja")


def _policy(style: str, scripts: Sequence[str]) -> str:
    """The Content-Security-Policy: allows this style, these scripts and pictures over https, and no other request.

    The page asks for a picture only after a click on the button that says so.
    """
    hashes = " ".join(_hash(script) for script in scripts)
    rules = {
        "default-src": "'none'",
        "script-src": hashes,
        "style-src": _hash(style),
        "img-src": "data: https:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _inline(script: str) -> str:
    """A script for a script element, which would end at the first end tag, even one in a string."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--").replace("\r\n", "\n")


def _as_json(value: Any) -> Markup:
    """JSON in which an HTML parser finds neither a tag nor an entity."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _read(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")
