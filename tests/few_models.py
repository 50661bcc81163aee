"""Builds that run few of the models: for tests of files, snapshots, locks, settings and messages.

Most of the time of a small build is DuckDB planning the queries of all models, whatever there is to read. A build of
these few does all that any build does: it has views, tables of core and marts, checks and templates. Tests ask for
them by `pytest.mark.usefixtures("few_models")`; tests of what models compute, of every table and of the views and
macros for people do not.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from frontmart import run as runs
from frontmart import shipped_sql as shipped
from frontmart.catalog.models import Model
from frontmart.shipped_sql import ShippedSql
from frontmart.snapshots.fingerprint import fingerprint

# A mart that nearly every change of a file changes, for tests that need any mart.
A_MART: Final = "field_completeness"
_FEW: Final = ("core.corpus_dates", "marts.run_history", f"marts.{A_MART}")
# It warns of a last snapshot without the profiles that drift is measured against, as one of few models is.
_NEEDS_DRIFT: Final = "drift_has_a_base"
_DRIFT: Final = "marts.drift"
# Names further models in the environment of processes that build few of them; see `tests.forked`.
_VARIABLE: Final = "TESTS_FEW_MODELS"
_CACHE: Final = "XDG_CACHE_HOME"
_read_all = shipped._read


@cache
def few(folder: Path, further: str = "") -> ShippedSql:
    """The models that are wanted, with all that they read, and the macros and checks that read no others."""
    every = _read_all(folder)
    kept = {*_FEW, *further.split()}
    for model in reversed(every.models):
        if model.full_name in kept:
            kept |= model.reads
    left_out = {model.full_name for model in every.models} - kept

    def without_references(model: Model) -> Model:
        return replace(model, references=tuple(each for each in model.references if each.table not in left_out))

    return ShippedSql(
        tuple(without_references(model) for model in every.models if model.full_name in kept),
        tuple(macro for macro in every.macros if not macro.reads & left_out),
        tuple(macro for macro in every.indexed_macros if not macro.reads & left_out),
        tuple(
            check
            for check in every.checks
            if not check.reads & left_out and (check.name != _NEEDS_DRIFT or _DRIFT in kept)
        ),
        every.queries,
    )


@contextmanager
def building_few_models(*further: str) -> Iterator[None]:
    """In this block, builds of this process and of its forks run few models, and further ones by their full names."""
    names = " ".join(further)
    # Not among the templates of other builds: tests that replace the fingerprint give both the same one.
    cache_folder = str(Path(os.environ[_CACHE], f"few {names}".strip()))
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {_VARIABLE: names, _CACHE: cache_folder}))
        for each in _patches(names):
            stack.enter_context(each)
        yield


def environment_of_few_models() -> dict[str, str]:
    """The variables that make other processes run few models; empty outside of the block above."""
    return {name: os.environ[name] for name in (_VARIABLE, _CACHE) if _VARIABLE in os.environ}


def use_few_models_if_asked(env: Mapping[str, str]) -> None:
    """Run few models from now on in a process whose environment is that of the block above."""
    if _VARIABLE in env:
        for each in _patches(env[_VARIABLE]):
            each.start()


def _patches(further: str) -> tuple[Any, Any]:
    return (
        patch.object(shipped, "_read", partial(few, further=further)),
        patch.object(runs, "fingerprint", _other_fingerprint),
    )


def _other_fingerprint(*given: Any) -> dict[str, str]:
    """A snapshot of few models is no base for a build of all models, nor the other way round.

    Outside of the block this is the fingerprint of all models: a test that replaces the fingerprint within the block,
    and puts it back after the block, would otherwise leave this function to all later tests of its process.
    """
    found = fingerprint(*given)
    return {**found, "models": f"few {found['models']}"} if _VARIABLE in os.environ else found
