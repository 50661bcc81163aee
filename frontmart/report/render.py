"""The page as one text: template, style, script and data in one file, and a policy that forbids all else."""

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from frontmart.report import coverage_tables as coverage_grids
from frontmart.report import health_tables as health_grids
from frontmart.report.chart_data import page_data
from frontmart.report.charts import compiled_charts
from frontmart.report.charts.compile import library
from frontmart.report.labels import DRAWN
from frontmart.report.queries import Tables
from frontmart.report.summary import kpis, sentences
from frontmart.report.wording import Name, count, day
from frontmart.warehouse.checks import CheckResult

_PAGE: Final = Path(__file__).parent / "page"
# In the order in which they build on each other.
_SCRIPTS: Final = ("rows.js", "figures.js", "grids.js", "page.js")


def render(tables: Tables, checks: Sequence[CheckResult], snapshot_id: str) -> str:
    """The report as HTML: the same text for the same arguments.

    Args:
        tables: what `tables.read_tables` gives.
        checks: what the checks of the snapshot found.
        snapshot_id: the snapshot.
    """
    scope = tables["scope"].row(0, named=True)
    style = _read("report.css")
    scripts = [_inline(library()), _inline("\n".join(_read(name) for name in _SCRIPTS))]
    page: str = _template().render(
        policy=_policy(style, scripts),
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
        data=_as_json({**page_data(tables), "charts": compiled_charts()}),
        scope=scope,
        snapshot_id=snapshot_id,
        kpis=kpis(tables),
        sentences=sentences(tables),
        grids=_grids(tables, checks),
        drawn=DRAWN,
        run_count=tables["runs"].height,
        files=tables["files"].row(0, named=True),
    )
    return page


def _grids(tables: Tables, checks: Sequence[CheckResult]) -> dict[str, Any]:
    made = (
        coverage_grids.topics(tables),
        coverage_grids.providers(tables),
        coverage_grids.pairs(tables),
        coverage_grids.stories(tables),
        health_grids.fields(tables),
        health_grids.provider_fields(tables),
        health_grids.rejects(tables),
        health_grids.field_issues(tables),
        health_grids.drift(tables),
        health_grids.checks(checks),
        health_grids.runs(tables),
    )
    return {grid.id.replace("-", "_"): grid for grid in made}


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_PAGE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters |= {"day": day, "count_of": count}
    environment.tests["name"] = lambda part: isinstance(part, Name)
    return environment.get_template("report.html.jinja")


def _policy(style: str, scripts: Sequence[str]) -> str:
    """The Content-Security-Policy: this style, these scripts, and no request at all."""
    hashes = " ".join(_hash(script) for script in scripts)
    rules = {
        "default-src": "'none'",
        "script-src": hashes,
        "style-src": _hash(style),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _inline(script: str) -> str:
    """A script as it may stand between tags, which end at the first end tag, be it in a string."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--").replace("\r\n", "\n")


def _as_json(value: Any) -> Markup:
    """JSON that no parser of HTML sees a tag or an entity in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _read(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")
