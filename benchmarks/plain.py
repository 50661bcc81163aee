"""Count the files that are plain: read by their outline, without a YAML parser. `python -m benchmarks.plain FOLDER...`.

Each folder is read with the preset that the keys of its files speak for.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from frontmart.extract.changes import all_changed
from frontmart.extract.listing import list_source
from frontmart.extract.source import FolderSource
from frontmart.extract.stderr import silenced_c_stderr
from frontmart.formats.markdown import markdown_table
from frontmart.presets import count_votes
from transforms.outline.mappings import MappingReader
from transforms.outline.records import LineReader
from transforms.parse.content_hash import content_hash
from transforms.parse.limits import DEFAULT_LIMITS
from transforms.parse.outcomes import Reject
from transforms.parse.related_list import RelatedTexts
from transforms.parse.split import FrontMatter, split_file
from transforms.vocabulary import Preset

# A document's id, path, content hash, characters and words, which decide nothing here.
_KNOWN: Final = (b'""', b'""', b'""', b"0", b"0")


def count_plain(source: Path) -> tuple[int, int]:
    """How many files of a folder have YAML front matter, and how many of these are plain."""
    changes = all_changed(list_source(source))
    preset = count_votes(FolderSource(source), changes.sample, DEFAULT_LIMITS).winner or Preset.GENERIC
    is_plain = _Plain(preset)
    fronts = [front for path in changes.to_read["path"] if (front := _split(source, path))]
    with silenced_c_stderr():
        return len(fronts), sum(map(is_plain, fronts))


class _Plain:
    """Whether front matter is plain, for a preset."""

    def __init__(self, preset: Preset) -> None:
        self._lines = LineReader(DEFAULT_LIMITS) if preset is Preset.SMARTABLE else None
        self._mappings = MappingReader()
        self._texts = RelatedTexts()

    def __call__(self, front: FrontMatter) -> bool:
        if self._lines:
            return self._lines.read(content_hash(front, self._texts), lambda: _KNOWN) is not None
        return self._mappings.read(front.text, DEFAULT_LIMITS) is not None


def _split(source: Path, path: str) -> FrontMatter | None:
    try:
        front = split_file(path, (source / path).read_bytes())
    except (OSError, Reject):
        return None
    return front if front and front.format == "yaml" else None


def main(folders: Sequence[str]) -> int:
    """Print the counts of folders -> the exit code."""
    counts = {folder: count_plain(Path(folder)) for folder in folders}
    rows = [
        [Path(folder).name, f"{yaml:,}", f"{plain:,}", f"{100 * plain / yaml:.1f} %" if yaml else ""]
        for folder, (yaml, plain) in counts.items()
    ]
    table = markdown_table(["folder", "files with YAML", "plain", "share"], rows, right_aligned=range(1, 4))
    sys.stdout.write("\n".join(table) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
