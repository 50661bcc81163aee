"""The inputs of a run of fuzzing: each is told by a seed and a number, and the files that it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.fuzz.inventing import invented
from tests.transforms.corpora import NAMES, SAMPLE, SHARED, files_of
from tests.transforms.mutations import damaged

FIXTURES = Path(__file__).parents[1] / "fixtures"
# Larger ones would take all the time; what is large is tried by tests of its own.
LARGEST = 20_000
INVENTED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Inputs:
    """Inputs without end: three in ten invented, the others files with some damage."""

    seed: int
    files: Sequence[bytes]

    def of(self, number: int) -> bytes:
        """The input of a number, the same whenever it is asked for."""
        random = Random(f"{self.seed}/{number}")
        if random.random() < INVENTED_SHARE:
            return invented(random)
        return damaged(random.choice(self.files), random.choice(self.files), random)


def committed_files() -> list[bytes]:
    """The sample and the fixtures, which are the same wherever the tests run."""
    return [*_files(SAMPLE), *_files(FIXTURES)]


def all_files() -> list[bytes]:
    """The committed files, and those of the shared corpora that are there."""
    return [*committed_files(), *(data for name in NAMES for data in _files(SHARED / name))]


def _files(folder: Path) -> list[bytes]:
    files = files_of(folder) if folder.is_dir() else {}
    return [
        data
        for path, data in files.items()
        if 0 < len(data) <= LARGEST and not path.endswith((".expected.json", "README.md"))
    ]
