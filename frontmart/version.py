"""The version of Frontmart that runs."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("frontmart")
