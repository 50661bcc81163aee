"""What a snapshot depends on besides its files: when any of it changes, the snapshot must not be built upon."""

from collections.abc import Iterable
from hashlib import blake2b
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Final

from flows.settings import Settings

# The libraries that decide what a value becomes.
_LIBRARIES: Final = ("rapidyaml", "PyYAML", "python-frontmatter", "ftfy", "polars", "pyarrow", "duckdb")
# The code of flows that decides what a file becomes.
_READING: Final = ("extract.py", "opening.py", "sources.py")
_ROOT: Final = Path(__file__).parent.parent


def fingerprint(settings: Settings, version: str) -> dict[str, str]:
    """Hashes of what a snapshot depends on.

    `rows` stands for what the tidy tables depend on (the source folder, the settings and code that read and flatten),
    `models` for what is made of them (SQL, the code that runs it, the thresholds that they are given); both also for
    the versions of the libraries.
    """
    reading = [*_sources("transforms"), *(_ROOT / "flows" / name for name in _READING)]
    versions = [version, *(f"{library} {library_version(library)}" for library in _LIBRARIES)]
    thresholds = [f"drift_share {settings.drift_share}", f"drift_count {settings.drift_count}"]
    return {
        "rows": _hash(
            [*versions, str(settings.source.resolve()), f"repair {settings.repair}", repr(settings.limits)], reading
        ),
        "models": _hash([*versions, *thresholds], [*sorted((_ROOT / "sql").rglob("*.sql")), *_sources("flows")]),
    }


def _sources(folder: str) -> list[Path]:
    return sorted((_ROOT / folder).glob("*.py"))


def _hash(words: Iterable[str], files: Iterable[Path]) -> str:
    digest = blake2b(digest_size=16)
    for word in words:
        digest.update(word.encode(errors="surrogateescape") + b"\0")
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
