"""The site: Sphinx reads the Markdown that a Git host shows. `make site` builds it into site/; see docs/README.md.

The source directory is the root of the repository, so that links between docs/, SECURITY.md and CHANGELOG.md are the
same in the site and on a Git host. The navigation is the list of docs/README.md: each heading a part, each link a page.
"""

import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from docs.llms import write_to_site  # noqa: E402
from docs.navigation import parts, toctrees  # noqa: E402

project = "Frontmart"
copyright = "The Frontmart developers"  # noqa: A001
author = "The Frontmart developers"
language = "en"

extensions = ["myst_parser"]
root_doc = "docs/README"
include_patterns = ["docs/**.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "benchmarks/RESULTS.md"]
# The Evidence example has pages with queries and components, which only Evidence can show.
exclude_patterns = [".*", "data", "tests", "site", "node_modules", "docs/bi/evidence-example"]
nitpicky = True
myst_heading_anchors = 4
highlight_language = "none"

html_theme = "furo"
html_title = "Frontmart"
html_static_path = ["static"]
html_css_files = ["site.css"]
templates_path = ["templates"]
html_additional_pages = {"index": "index.html"}
html_copy_source = False
html_show_sphinx = False
html_theme_options: dict[str, Any] = {
    "light_css_variables": {"font-stack": "system-ui, sans-serif", "font-stack--monospace": "ui-monospace, monospace"},
}

_HTML_ANCHOR = re.compile(r'^(#+ )<a id="([^"]+)"></a>', re.MULTILINE)


def _prepare(app: Any, name: str, source: list[str]) -> None:
    """Add the navigation to the first page, and turn the HTML anchors of headings into targets that Sphinx checks."""
    source[0] = _HTML_ANCHOR.sub(r"(\2)=\n\1", source[0])
    if name == root_doc:
        source[0] += toctrees(parts(source[0]))


def _finish(app: Any, error: Exception | None) -> None:
    """Add llms.txt and the Markdown that it links to a site of these pages."""
    if error is None and Path(app.srcdir).resolve() == ROOT:
        write_to_site(Path(app.outdir))


def setup(app: Any) -> None:
    """Connect the hooks."""
    app.connect("source-read", _prepare)
    app.connect("build-finished", _finish)
