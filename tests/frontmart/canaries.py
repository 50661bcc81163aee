"""A corpus with a canary in every place that must not be seen, and a search for canaries in all that a build leaves.

A canary is a word of letters and digits, so that neither JSON, HTML, URLs nor Python's repr change it; each place has a
number of its own. A control word is in places that may be seen, so that a search that finds nothing is distinct from
one that does not work.
"""

import base64
import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import duckdb
import polars as pl

CANARY = "zq7canary"
CONTROL = "zq7control"

_numbers = itertools.count(1)


def canary() -> str:
    """A word that no other place has."""
    return f"{CANARY}{next(_numbers):04d}"


SPELLINGS = (
    "secured", "Secured", "SECURED", '" secured "', '"\\uFEFFsecured"', '"sec\\u200Bured"', "\uff53ecured",
    "\u017fecured", "\"'secured'\"", "sec-ured", '"\\x73ecured"', "!!str secured", "? secured\n",
)  # fmt: skip

# Front matter as YAML in which each @ is a canary.
YAML = (
    "secured: |\n  @\n  @\nexcerpt: seen",
    "secured: >-\n  @\n\n  @",
    "secured:\n  - @\n  - {a: [@, {@: @}]}",
    "secured: {k: @, k: @}\nsecured: @",
    "a: {secured: {k: @, k: 1}}\na: 1",
    "provider: {name: N, domain: n.example, secured: @, authors: [{name: A, secured: @}]}",
    "images: [{url: /a.png, secured: @}]\nrelated: [{secured: @, provider: {secured: @}, images: [{secured: @}]}]",
    "title: {secured: @}\nquality: [{secured: @}]\ntopics: [[{secured: @}], {secured: @}]",
    "notes: {a: {b: {c: {d: {e: [{secured: @}]}}}}}",
    "secured: &a @\nexcerpt: *a\ntopics: [*a]\nprovider: {name: *a, domain: *a}",
    "excerpt: &a @\nsecured: [*a]",
    "secured: &a {name: @, images: [{url: @}]}\nprovider:\n  <<: *a\nrelated: [*a]",
    "secured: &a {name: @}\nprovider:\n  <<: [*a, {domain: n.example}]\n  more: *a",
    "secured: {&a @: 1}\n*a : 1\ntitle: *a",
    "a: !!omap [{secured: @}]\nb: !!pairs [{secured: @}]",
    "secured: !!binary @\nb: !!set {secured, other}",
    "secured: !@ x",
    "secured: !!int @",
    "notes: '{\"secured\": \"@\"}'\nexcerpt: '{secured: @}'",
    "excerpt: \"title: x\\nsecured: @\"\ntopics: [\"{'Secured': '@'}\"]",
    "webUrl: https://ada:@@n.example/a\noriginalUrl: https://@@n.example\nampWebUrl: //u:@@n.example/",
    "images: [{url: 'https://u:@@n.example/a.png', width: 'https://u:@@n.example'}]\nactions: [{url: 'ftp://u:@@n.example'}]",
    "provider: {name: N, images: [{url: 'https://u:@@n.example'}], authors: [{url: 'https://u:@@n.example'}]}",
    "related: [{webUrl: 'https://u:@@n.example', images: [{url: 'https://u:@@n.example'}], title: 'https://u:@@n.example'}]",
    "source: ['https://u:@@n.example', {'https://u:@@n.example': 1}]\nquality: ['https://u:@@n.example']",
    "publishedDateTime: https://u:@@n.example",
    # what does not parse
    'secured: "@',
    "secured: '@",
    "secured: *@",
    "secured: @: @",
    "secured: [@",
    "secured: {a: @",
    "secured: &@ @\na: &@ [*@",
    "secured: |\n  @\n @: @\n\t@",
    "secured: @\n\ttabs: @",
    "secured: %@\n%@",
    "secured: @\x01@",
    "secured: &a [@, *a]",
    "secured: !<tag:@> [",
    "- secured: @",
    "secured: [" * 150 + "@",
    "secured: &a [@]\nb: &b [" + "*a," * 99 + "]\nc: &c [" + "*b," * 99 + "]\nd: &d [" + "*c," * 99 + "]\ne: [*d]",
)  # fmt: skip
# Whole files.
FILES = (
    '+++\nsecured = "@"\n[provider]\nSecured = {a = "@"}\n["sec-ured"]\n"@" = "@"\n+++\n@',
    '+++\nsecured = "@\n+++\n',
    '+++\n[secured."@"]\n[secured."@"]\n+++\n',
    '+++\nsecured = "@"\nsecured = "@"\n+++\n',
    '+++\nsecured = @\n+++\n',
    '{"\\u0073ecured": "@", "SECURED": {"a": "@", "a": "@"}, "a": {"secured": ["@"]}, "a": 1}\n@',
    '{"title": "x", "secured": "@}',
    '{"secured": "@" "@"}',
    '{"secured": @}',
    '---\ntitle: x\nsecured: "@',
    '---\ntitle: x\nsecured: |\n  @',
    "---\ntitle: x\n---\nsecured: @\n\n@",
)  # fmt: skip


def write_canaries(source: Path) -> None:
    """Fill a folder with files that contain canaries; every readable one also contains the control word."""
    source.mkdir(exist_ok=True)
    fronts = [*(f"{spelling}: @" for spelling in SPELLINGS), *YAML]
    texts = [f"---\n{front}\nlayout: {CONTROL}\n---\n@ body @\n" for front in fronts] + list(FILES)
    for number, text in enumerate(texts):
        # In URLs the second @ of two is that of the URL.
        filled = re.sub("@(?=@)|(?<!@)@", lambda _: canary(), text)
        (source / f"{number:03d}.md").write_text(filled, encoding="utf-8")
    (source / "utf16.md").write_bytes(f"---\nsecured: {canary()}\nlayout: {CONTROL}\n---\n".encode("utf-16"))
    (source / "bom.md").write_bytes(f"\ufeff---\r\nsecured: {canary()}\r\nlayout: {CONTROL}\r\n---\r\n".encode())
    (source / "latin.md").write_bytes(f"---\nsecured: {canary()}\xe9{canary()}\n---\n".encode("latin-1"))


def _forms(word: str) -> list[bytes]:
    """The forms in which programs may write a word, apart from its case: verbatim, in UTF-16, and in hex."""
    return [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), word.encode().hex().encode()]


def _in_base64(word: str) -> list[bytes]:
    """The part of the base64 form of a word that does not depend on the text around it."""
    shifted = (base64.b64encode(b"\0" * offset + word.encode()) for offset in range(3))
    return [text[(0, 2, 3)[offset] :].rstrip(b"=")[:-1] for offset, text in enumerate(shifted)]


def found_in(data: bytes, word: str) -> list[str]:
    """The places in which bytes contain a word in any form, with their surroundings."""
    lowered = data.lower()
    return [
        repr(data[max(0, match.start() - 30) : match.end() + 30])
        for text, forms in ((lowered, _forms(word)), (data, _in_base64(word)))
        for form in forms
        if form in text
        for match in re.finditer(re.escape(form), text)
    ]


def contents_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """The content of a file: its name and bytes, and the cells of a Parquet file or database as text."""
    yield "name", os.fsencode(path.name)
    data = path.read_bytes()
    yield "bytes", data
    if data[:4] == b"PAR1" and data[-4:] == b"PAR1":
        yield "cells", _as_text(pl.read_parquet(path, glob=False).rows())
    elif data[8:12] == b"DUCK":
        # A build that was killed leaves one that does not open.
        with suppress(duckdb.Error), duckdb.connect(path, read_only=True) as connection:
            tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                yield f"{schema}.{table}", _as_text(connection.execute(f'from "{schema}"."{table}"').fetchall())


def _as_text(rows: list[tuple[object, ...]]) -> bytes:
    return "\n".join(map(str, rows)).encode()


def leaks_below(*folders: Path, word: str = CANARY) -> list[str]:
    """Each place below folders in which a word is found."""
    files = [
        path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()
    ]
    return [
        f"{path.name} ({what}): {place}"
        for path in files
        for what, data in contents_of(path)
        for place in found_in(data, word)
    ]


@contextmanager
def keeping(kept: Path, *watched: Path) -> Iterator[None]:
    """Keep what is written below the watched folders while the block runs, by another link, though it be removed."""
    kept.mkdir()
    done = Event()
    seen: set[int] = set()

    def keep() -> None:
        while not done.is_set():
            for folder in watched:
                for root, _, names in os.walk(folder):
                    for name in names:
                        with suppress(OSError):
                            path = Path(root, name)
                            inode = path.lstat().st_ino
                            if inode not in seen and not path.is_symlink():
                                os.link(path, kept / f"{len(seen)}-{name}")
                                seen.add(inode)
            done.wait(0.005)

    watcher = Thread(target=keep)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
