"""Settings and markers of all tests."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.installed import foreign_folder, installation  # noqa: F401  (fixtures)
from tests.markers import Guard, add_markers, sort_by_cost
from tests.sample import changed_sample, few_models, few_sample, out, sample  # noqa: F401  (fixtures)

# With this variable, which machines of CI set, each process that a test starts compiles all that it imports: a program
# that imports Prefect needs twice the time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The builds of a test run share their templates of the warehouse with each other, and with no other build.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="frontmart-tests-")
    atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)

# The same examples on every run, however slow the machine; `--hypothesis-profile=default` looks for new ones.
settings.register_profile("frontmart", derandomize=True, deadline=None)
# `make quick` takes this one.
settings.register_profile("quick", settings.get_profile("frontmart"), max_examples=10)
settings.load_profile("frontmart")

_guard = Guard()


@pytest.hookimpl(tryfirst=True)  # before `-m` deselects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function):
            add_markers(item)
    sort_by_cost(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test that is marked `quick` and is not."""
    _guard.start()
    try:
        yield
    finally:
        needed = _guard.stop()
    if needed and item.get_closest_marker("quick"):
        pytest.fail(f"mark this test, since it is not quick: {', '.join(f'@pytest.mark.{one}' for one in needed)}")
