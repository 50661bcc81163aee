"""A corpus of front-matter files of any size, invented from end to end and the same for the same seed.

It has the shape of real corpora: most files are news in clusters that every member writes out, the rest are
videos, courses, collections, samples, people, communities, newsletters and organisations; a small fixed share is
odd, broken or without front matter. `plan` says how many files of each kind there will be, `expected` what a
correct reader finds in them, and `write_corpus` writes them, one at a time and in flat memory.

Counts are of documents alone: a topic is one that is not empty, wherever it stands in a list or by itself, an image
one of the document's own, a related item one as written, copies and self references included.
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

# Shares of all files; what is left over, about 65 percent with the odd ones, is news.
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
# Nearly all files of a large-file corpus are news, because nothing else grows with its cluster.
SHARES_SCALE = {"small": 1.0, "real": 1.0, "large": 0.2}
FILES_PER_ODD_ONE = 2_000
# Odd files that are not as rare as the others: so many times as many.
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
    """What a corpus holds: files and their bytes, how they should end up, and entries over all documents."""

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
    """How many files of each kind a corpus has, whatever its seed; they add up to `files`."""
    if files < FEWEST_FILES:
        raise ValueError(f"a corpus with every kind of file needs at least {FEWEST_FILES} files, not {files}")
    rare = max(1, files // FILES_PER_ODD_ONE)
    counts = {kind: max(1, round(files * share * SHARES_SCALE[size])) for kind, share in SHARES.items()}
    counts["organizations"] = min(counts["organizations"], len(ORGANIZATIONS))
    counts |= {kind: rare * LESS_ODD.get(kind, 1) for kind in (*ODD, *BROKEN, *PLAIN)}
    counts["readme"] = 1
    return {"news": files - sum(counts.values()), **counts}


def corpus(files: int, seed: int, size: str = "real") -> Iterator[File]:
    """Every file of a corpus, in the order of `plan`, one at a time."""
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
    """Every file but the readme, in flat folders; names of earlier files are read from `recent`."""
    yield from news(rng, counts["news"], size)
    for kind, make in MAKERS.items():
        for serial in range(counts[kind]):
            yield make(rng, serial, recent)
    # Numbers that no ordinary file has, so that no odd file falls on its path.
    serial = max(counts.values())
    for kinds, make_odd in ((ODD, odd), (BROKEN, broken), (PLAIN, plain)):
        for kind in kinds:
            for _ in range(counts[kind]):
                yield make_odd(rng, serial, kind)
                serial += 1


def crowded_folders(counts: dict[str, int]) -> frozenset[str]:
    """The folders that would hold too many files, and are split by year."""
    folders = {"news": "_news", "people": "_people", "communities": "_communities", "samples": "_samples"}
    folders |= {kind: f"_learning/{kind}" for kind in ("videos", "courses", "collections")}
    return frozenset(folder for kind, folder in folders.items() if counts[kind] > FULL_FOLDER)


def placed_path(file: File, crowded: frozenset[str]) -> str:
    """Where a file goes: into a folder of its year where its own would be too full."""
    folder, _, name = file.path.rpartition("/")
    return f"{folder}/{file.year}/{name}" if folder in crowded else file.path


def expected(files: int, seed: int, size: str = "real") -> dict[str, int | dict[str, int]]:
    """What `write_corpus` would count, without writing anything."""
    counts = Counts()
    for file in corpus(files, seed, size):
        counts.add(file)
    return asdict(counts)


def write_corpus(folder: Path, files: int, seed: int, size: str = "real") -> Counts:
    """Write a corpus into a folder that is new or empty, and count it."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: name a new folder, or empty this one first")
    counts = Counts()
    write_files(folder, counted(corpus(files, seed, size), counts))
    return counts


def counted(files: Iterable[File], counts: Counts) -> Iterator[File]:
    """The same files, counted on their way."""
    for file in files:
        counts.add(file)
        yield file


def write_files(folder: Path, files: Iterable[File]) -> None:
    """Write files, making each folder when its first file comes."""
    made: set[str] = set()
    for file in files:
        parent = file.path.rpartition("/")[0]
        if parent not in made:
            (folder / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        # A Path for each of a million files would take a fifth of the time.
        with open(f"{folder}/{file.path}", "xb", buffering=0) as target:  # noqa: PTH123
            target.write(file.content)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    command = argparse.ArgumentParser(
        prog="python -m benchmarks.corpus",
        description="Write an invented corpus of front-matter files.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("folder", metavar="DIR", type=Path, help="where to write; must be new or empty")
    command.add_argument("--files", type=int, default=200, metavar="N", help=f"at least {FEWEST_FILES} (default: 200)")
    command.add_argument("--seed", type=int, default=7, metavar="S", help="another seed, another corpus (default: 7)")
    command.add_argument(
        "--size",
        choices=sorted(CLUSTER_SIZES),
        default="real",
        help="mean size of a file: small about 1.6 KB, real 4 KB (default), large 20 KB",
    )
    return command


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 for a corpus written, 2 for one refused."""
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
