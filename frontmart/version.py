"""The installed version of Frontmart."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("frontmart")
