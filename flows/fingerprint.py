"""What a snapshot depends on besides its files: when any of it changes, the snapshot must not be built upon."""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Final

from flows.settings import Settings

_ROOT: Final = Path(__file__).parent.parent


def fingerprint(settings: Settings, version: str) -> dict[str, str]:
    """Hashes of what a snapshot depends on.

    `rows` stands for what the tidy tables depend on (the source folder, the version, the code that reads and
    flattens), `models` for what is made of them (the version, SQL, the code that runs it).
    """
    reading = [*_sources("transforms"), _ROOT / "flows" / "extract.py", _ROOT / "flows" / "sources.py"]
    return {
        "rows": _hash([version, str(settings.source.resolve())], reading),
        "models": _hash([version], [*sorted((_ROOT / "sql").rglob("*.sql")), *_sources("flows")]),
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
