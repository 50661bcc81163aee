"""The layers of sql/: the folders that become schemas, those with views only, and the tables that each may read."""

from typing import Final

# In the order of listings. DuckDB finds tables of `main` without a prefix: views and macros for everyday use are there.
LAYERS: Final = ("staging", "core", "history", "drift", "marts", "search", "main")
VIEWS: Final = ("staging", "main")
# A view in a layer of tables: what it has are columns of other tables, and all of them.
VIEW_MODELS: Final = (
    "history.document_versions",
    "history.topic_spans",
    "history.related_spans",
    "history.image_spans",
)
FUNCTIONS: Final = "functions"
MACROS: Final = "macros"
# The index of the macro search(), and the macro that reads it, in place of the one in MACROS.
SEARCH: Final = "search"
INDEXED: Final = "indexed"
CHECKS: Final = "checks"
REPORT: Final = "report"
# Their results fill inputs of the models: the kinds of documents, and the events of articles.
QUERIES: Final = ("kinds", "events")

# Only staging cleans the tidy tables, so that a rule such as "a blank URL is NULL" is written once; core and the marts
# read the cleaned columns. Drift, checks and the report also read tidy tables, for columns that need no cleaning:
# outcomes of files, rejects, the profiles of the previous snapshot. A mart reads no other mart, so that an error in one
# does not spread. History and its macros give the tidy tables as they were.
MAY_READ: Final[dict[str, tuple[str, ...]]] = {
    "staging": ("tidy", "staging"),
    "core": ("staging", "core"),
    "history": ("tidy", "staging", "history"),
    "drift": ("tidy", "staging", "core", "drift"),
    "marts": ("staging", "core", "history", "drift"),
    SEARCH: ("staging", "core", SEARCH),
    "main": ("staging", "core", "marts"),
    MACROS: ("tidy", "staging", "core", "history", "marts", "main"),
    INDEXED: (SEARCH,),
    FUNCTIONS: (),
    CHECKS: ("tidy", "staging", "core", "history", "marts"),
    REPORT: ("tidy", "staging", "core", "history", "marts", "report"),
}


def is_view(layer: str, name: str) -> bool:
    """Whether a model is a view, which takes no space, rather than a table."""
    return layer in VIEWS or f"{layer}.{name}" in VIEW_MODELS
