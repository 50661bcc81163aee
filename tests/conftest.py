"""Settings of every test."""

from hypothesis import settings

from tests.installed import foreign_folder, installation  # noqa: F401  (fixtures)
from tests.sample import out, sample  # noqa: F401  (fixtures)

# The same examples on every run, however slow the machine; `--hypothesis-profile=default` looks for new ones.
settings.register_profile("frontmart", derandomize=True, deadline=None)
settings.load_profile("frontmart")
