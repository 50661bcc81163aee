"""The inputs of a fuzz run: each is determined by a seed, a number and the files that inputs are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.fuzz.generate import generate_file
from tests.transforms.corpora import NAMES, SAMPLE, SHARED, files_of
from tests.transforms.mutations import damaged

FIXTURES = Path(__file__).parents[1] / "fixtures"
# Bytes. Larger files would take most of the time, and have tests of their own in tests/hostile.
LARGEST = 20_000
GENERATED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Inputs:
    """An endless sequence of inputs: three in ten are generated, the others are damaged files."""

    seed: int
    files: Sequence[bytes]

    def of(self, number: int) -> bytes:
        """The input with a number; every call gives the same bytes."""
        random = Random(f"{self.seed}/{number}")
        if random.random() < GENERATED_SHARE:
            return generate_file(random)
        return damaged(random.choice(self.files), random.choice(self.files), random)


def committed_files() -> list[bytes]:
    """The files of the sample and the fixtures, which are the same on every machine."""
    return [*_files(SAMPLE), *_files(FIXTURES)]


def all_files() -> list[bytes]:
    """The committed files, and those of the shared corpora that exist on this machine."""
    return [*committed_files(), *(data for name in NAMES for data in _files(SHARED / name))]


def _files(folder: Path) -> list[bytes]:
    files = files_of(folder) if folder.is_dir() else {}
    return [
        data
        for path, data in files.items()
        if 0 < len(data) <= LARGEST and not path.endswith((".expected.json", "README.md"))
    ]
