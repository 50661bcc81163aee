"""Generate a synthetic corpus of front-matter files, of any size; the same seed gives the same bytes.

It has the shape of real corpora. Most files are news, in clusters where every member lists the others; the rest are
videos, courses, collections, samples, people, communities, newsletters and organisations. A small fixed share is odd,
broken or without front matter. `plan` gives the number of files of each kind, `expected` the counts that a correct
reader finds in them, and `write_corpus` writes them one at a time, in constant memory.

Only documents count: their topics that are not empty, in a list or as a single value; their own images; and their
related items as written, duplicates and self references included.
"""

import argparse
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from benchmarks.corpus_news import CLUSTER_SIZES, news
from benchmarks.corpus_odd import BROKEN, ODD, PLAIN, broken, odd, plain
from benchmarks.corpus_others import MAKERS, ORGANIZATIONS
from benchmarks.corpus_text import File

# Shares of all files; the rest, about 65 percent with the odd ones, is news.
SHARES = {
    "videos": 0.12,
    "courses": 0.05,
    "collections": 0.02,
    "samples": 0.06,
    "people": 0.02,
    "communities": 0.015,
    "newsletters": 0.015,
    "organizations": 0.035,
}
# Nearly all files of a large-file corpus are news, because only news grow with their cluster.
SHARES_SCALE = {"small": 1.0, "real": 1.0, "large": 0.2}
FILES_PER_ODD_ONE = 2_000
# Odd kinds that are less rare: a multiple of the number of the others.
LESS_ODD = {"crlf": 3, "text_suffix": 3}
FEWEST_FILES = 100
FULL_FOLDER = 20_000

README = """# Sample corpus

Invented articles, videos, courses and profiles around city cycling, some of them odd or broken on purpose. Made by
`python -m benchmarks.corpus --files {files} --seed {seed} --size {size} DIR`: change the generator, never a file.
"""
EXAMPLE = """example:
  python -m benchmarks.corpus --files 200 --seed 7 data/raw

The folder must be empty or new. The same files, seed and size give the same bytes everywhere."""


@dataclass
class Counts:
    """Counts of a corpus: files, bytes, expected outcomes, and list items of all documents."""

    files: int = 0
    bytes: int = 0
    documents: int = 0
    rejects: int = 0
    skipped: int = 0
    topics: int = 0
    images: int = 0
    related: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def add(self, file: File) -> None:
        """Count one file."""
        self.files += 1
        self.bytes += len(file.content)
        self.documents += file.outcome == "document"
        self.rejects += file.outcome == "reject"
        self.skipped += file.outcome == "skipped"
        self.topics += file.topics
        self.images += file.images
        self.related += file.related
        self.kinds[file.kind] = self.kinds.get(file.kind, 0) + 1


def plan(files: int, size: str = "real") -> dict[str, int]:
    """The number of files of each kind, which does not depend on the seed; the sum is `files`."""
    if files < FEWEST_FILES:
        raise ValueError(f"a corpus with every kind of file needs at least {FEWEST_FILES} files, not {files}")
    rare = max(1, files // FILES_PER_ODD_ONE)
    counts = {kind: max(1, round(files * share * SHARES_SCALE[size])) for kind, share in SHARES.items()}
    counts["organizations"] = min(counts["organizations"], len(ORGANIZATIONS))
    counts |= {kind: rare * LESS_ODD.get(kind, 1) for kind in (*ODD, *BROKEN, *PLAIN)}
    counts["readme"] = 1
    return {"news": files - sum(counts.values()), **counts}


def corpus(files: int, seed: int, size: str = "real") -> Iterator[File]:
    """Generate the files of a corpus, in the order of `plan`."""
    rng, counts, recent = Random(seed), plan(files, size), deque[str](maxlen=100)
    crowded = crowded_folders(counts)
    for file in unplaced(rng, counts, size, recent):
        placed = file._replace(path=placed_path(file, crowded)) if crowded else file
        if placed.path.startswith(("_learning/videos/", "_learning/courses/")):
            recent.append(placed.path.removeprefix("_learning/").removesuffix(".md"))
        yield placed
    readme = README.format(files=files, seed=seed, size=size)
    yield File("README.md", readme.encode(), "readme", "", outcome="skipped")


def unplaced(rng: Random, counts: dict[str, int], size: str, recent: deque[str]) -> Iterator[File]:
    """Generate every file but the readme, in flat folders; `recent` has the names of earlier files to link to."""
    yield from news(rng, counts["news"], size)
    for kind, make in MAKERS.items():
        for serial in range(counts[kind]):
            yield make(rng, serial, recent)
    # Numbers above those of ordinary files, so that paths of odd files are unique.
    serial = max(counts.values())
    for kinds, make_odd in ((ODD, odd), (BROKEN, broken), (PLAIN, plain)):
        for kind in kinds:
            for _ in range(counts[kind]):
                yield make_odd(rng, serial, kind)
                serial += 1


def crowded_folders(counts: dict[str, int]) -> frozenset[str]:
    """The folders with too many files, which are split by year."""
    folders = {"news": "_news", "people": "_people", "communities": "_communities", "samples": "_samples"}
    folders |= {kind: f"_learning/{kind}" for kind in ("videos", "courses", "collections")}
    return frozenset(folder for kind, folder in folders.items() if counts[kind] > FULL_FOLDER)


def placed_path(file: File, crowded: frozenset[str]) -> str:
    """The path of a file: below a folder of its year if its folder is crowded."""
    folder, _, name = file.path.rpartition("/")
    return f"{folder}/{file.year}/{name}" if folder in crowded else file.path


def expected(files: int, seed: int, size: str = "real") -> dict[str, int | dict[str, int]]:
    """The counts of a corpus, without writing it."""
    counts = Counts()
    for file in corpus(files, seed, size):
        counts.add(file)
    return asdict(counts)


def write_corpus(folder: Path, files: int, seed: int, size: str = "real") -> Counts:
    """Write a corpus into a new or empty folder -> its counts. Raises FileExistsError if the folder is not empty."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: give a new folder, or empty this one first")
    counts = Counts()
    write_files(folder, counted(corpus(files, seed, size), counts))
    return counts


def counted(files: Iterable[File], counts: Counts) -> Iterator[File]:
    """Pass files through, and count them."""
    for file in files:
        counts.add(file)
        yield file


def write_files(folder: Path, files: Iterable[File]) -> None:
    """Write files, and create each folder before its first file."""
    made: set[str] = set()
    for file in files:
        parent = file.path.rpartition("/")[0]
        if parent not in made:
            (folder / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        # Creating a Path for each of a million files would take a fifth of the time.
        with open(f"{folder}/{file.path}", "xb", buffering=0) as target:  # noqa: PTH123
            target.write(file.content)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    command = argparse.ArgumentParser(
        prog="python -m benchmarks.corpus",
        description="Write a synthetic corpus of front-matter files.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("folder", metavar="DIR", type=Path, help="folder to write to; must be new or empty")
    command.add_argument(
        "--files", type=int, default=200, metavar="N", help=f"files to write, {FEWEST_FILES} or more (default: 200)"
    )
    command.add_argument("--seed", type=int, default=7, metavar="S", help="seed of the random numbers (default: 7)")
    command.add_argument(
        "--size",
        choices=sorted(CLUSTER_SIZES),
        default="real",
        help="mean size of a file: small about 1.6 KB, real 4 KB (default), large 20 KB",
    )
    return command


def main(arguments: list[str] | None = None) -> int:
    """Run the command line -> 0 if the corpus was written, else 2."""
    options = parser().parse_args(arguments)
    start = time.perf_counter()
    try:
        counts = write_corpus(options.folder, options.files, options.seed, options.size)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{counts.files:,} files, {counts.bytes:,} bytes, {seconds:.1f} seconds\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
