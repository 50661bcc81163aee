"""Odd, broken and plain files of the generated corpus, each kind named after its flaw.

A lenient reader accepts an odd file as a document with one topic, one image and no related items. A broken file must be
rejected; a plain file has no front matter.
"""

import json
import re
from collections.abc import Callable
from random import Random

from benchmarks import corpus_news, corpus_others
from benchmarks import corpus_text as text
from benchmarks.corpus_text import File

# A curly apostrophe that was written as UTF-8 and read as Windows-1252.
MOJIBAKE = "\u2019".encode().decode("cp1252")
BODY = "自転車の駐輪場が駅の前に増えた。\nDie Straße am Hafen ist für Räder frei, endlich!\nUn café près du pont.\n"
Edit = Callable[[str], str | bytes]


def put(key: str, value: str) -> Edit:
    """An edit that replaces the value of a key, or removes its line if `value` is empty."""
    line = f"{key}:{value}\n" if value else ""
    return lambda page: re.sub(rf"(?m)^{key}:.*\n", lambda _: line, page, count=1)


def swap(pattern: str, replacement: str) -> Edit:
    """An edit that replaces the first match of a pattern."""
    return lambda page: re.sub(pattern, replacement, page, count=1)


def as_toml(page: str) -> str:
    """The same article with TOML between its fences."""
    fields = scalars(page)
    stamp = fields.pop("publishedDateTime")
    lines = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())
    domain = re.findall("domain: (.+)", page)[0]
    return (
        f'+++\n{lines}publishedDateTime = {stamp}\ntopics = ["{text.MAIN_TOPIC}"]\n\n[provider]\nname = "{domain}"\n'
        f'domain = "{domain}"\n\n[[images]]\nurl = "https://img.example/toml.jpg"\nwidth = 640\nheight = 260\n+++\n\n'
    )


def as_json(page: str) -> str:
    """The same article with a JSON object on top, a blank line and a body."""
    domain = re.findall("domain: (.+)", page)[0]
    fields = scalars(page) | {
        "provider": {"name": domain, "domain": domain},
        "topics": [text.MAIN_TOPIC],
        "images": [{"url": "https://img.example/json.jpg", "width": 640, "height": 260}],
    }
    return f"{json.dumps(fields, ensure_ascii=False, indent=2)}\n\nWritten by hand in another editor.\n"


def scalars(page: str) -> dict[str, str | int | bool]:
    """The top-level keys of an article that have a single value, without `secured`."""
    found: dict[str, str | int | bool] = {}
    for key, value in re.findall(r"(?m)^(\w+): (.+)$", page):
        if key in ("quality", "heat"):
            found[key] = int(value)
        elif key == "published":
            found[key] = value == "true"
        elif key != "secured":
            found[key] = value.strip('"').replace('\\"', '"')
    return found


def with_apostrophe(apostrophe: str) -> Edit:
    """An edit that sets a title with an apostrophe, written as given."""
    return put("title", f' "Penhollow{apostrophe}s bells ring twice: a rider{apostrophe}s diary"')


NEWS_EDITS: dict[str, Edit] = {
    "crlf": lambda page: page.replace("\n", "\r\n"),
    "utf8_bom": lambda page: b"\xef\xbb\xbf" + page.encode(),
    "utf16_bom": lambda page: b"\xff\xfe" + page.encode("utf-16-le"),
    "blank_line_before_fence": lambda page: f"\n{page}",
    "toml": as_toml,
    "json": as_json,
    "mojibake": with_apostrophe(MOJIBAKE),
    "html_entity": with_apostrophe("&#8217;"),
    "date_naive": swap(r"(?m)^(publishedDateTime: .+)Z$", r"\1"),
    "date_with_offset": swap(r"(?m)^(publishedDateTime: .+)Z$", r"\g<1>+02:00"),
    "date_only": swap(r"(?m)^(publishedDateTime: [\d-]+)T.*$", r"\1"),
    "date_day_first": swap(r"(?m)^publishedDateTime: (\d+)-(\d+)-(\d+)T.*$", r"publishedDateTime: \3-\2-\1"),
    "no_date": put("publishedDateTime", ""),
    "no_original_url": put("originalUrl", ""),
    "empty_web_url": put("webUrl", ' ""'),
    "empty_heat": put("heat", " "),
    "quality_not_a_number": put("quality", " n/a"),
    "empty_first_topic": swap("topics:\n", "topics:\n  -\n"),
    "topic_as_scalar": swap(r"topics:\n  - .+\n", "topics: Maps\n"),
    "image_as_mapping": swap(r"images:\n  - url: (.+)\n(?:    .+\n)+", r"images:\n  url: \1\n  width: 640\n"),
    "key_twice": swap(r'(?m)^(title: "(.+)")$', r'\1\ntitle: "\2, updated"'),
    "unknown_keys": swap(
        r"(?m)^type: ",
        "readingMinutes: 4\nsyndication:\n  partners:\n    - relay.example.com\n  embargo: no\nlocale: en-us\ntype: ",
    ),
    "image_credit": swap("isCached: true\n", 'isCached: true\n    title: "A bell"\n    attribution: "Oona Bellmoor"\n'),
    "removed": swap(r"(?m)^published: .+$", "removed: true\npublished: false"),
    "encoded_provider": swap(r"name: .+\n", f"name: {text.ENCODED_PROVIDER.name}\n"),
    "url_with_tracking": swap(r'(?m)^webUrl: "(.+)"$', r'webUrl: "\1?utm_source=feed&utm_campaign=spring"'),
    "url_host_upper_case": swap("(?m)^webUrl: .+$", 'webUrl: "HTTPS://WWW.Pedalnotes.Example.COM/Quiet-Streets"'),
    "url_default_port": swap(r'(?m)^webUrl: "https://([^/]+)/', r'webUrl: "https://\1:443/'),
    "url_fragment": swap(r'(?m)^webUrl: "(.+)"$', r'webUrl: "\1#comments"'),
    "body_not_ascii": lambda page: page + BODY,
}
VIDEO_EDITS: dict[str, Edit] = {
    "length_p1m": put("length", " P1M"),
    "length_in_words": put("length", " 25 mins"),
}
ODD = (*NEWS_EDITS, *VIDEO_EDITS, "text_suffix")

BROKEN: dict[str, Edit] = {
    "unquoted_colon": swap(r"  name: .+\n", "  name: Penhollow: The Ride\n"),
    "unclosed_fence": swap(r"---\n\n$", ""),
    "invalid_utf8": lambda page: page.encode().replace(b'title: "', b'title: "Caf\xe9 stop: ', 1),
}
PLAIN = ("no_front_matter",)


def odd(rng: Random, serial: int, kind: str) -> File:
    """A document with the oddity `kind`; `serial` must be unique among the news files."""
    if kind in VIDEO_EDITS:
        clip = corpus_others.video(rng, serial, corpus_others.Recent())
        return clip._replace(content=encoded(VIDEO_EDITS[kind](clip.content.decode())), kind=kind)
    file = ordinary(rng, serial)
    if kind == "text_suffix":
        return file._replace(path=f"{serial % 1000:03}_{rng.getrandbits(64):016x}.txt", kind=kind)
    return file._replace(content=encoded(NEWS_EDITS[kind](file.content.decode())), kind=kind)


def broken(rng: Random, serial: int, kind: str) -> File:
    """A file that must be rejected for the reason `kind`."""
    file = ordinary(rng, serial)
    content = encoded(BROKEN[kind](file.content.decode()))
    return File(file.path, content, kind, file.year, outcome="reject")


def plain(rng: Random, serial: int, kind: str) -> File:
    """A note without front matter, which is skipped."""
    story = text.pick_story(rng)
    note = text.sentences(rng, story, 5).replace('\\"', '"')
    return File(f"_notes/note-{serial}.txt", f"{note}\n".encode(), kind, text.DAYS[story.day][:4], outcome="skipped")


def ordinary(rng: Random, serial: int) -> File:
    """An article with every key, one topic and one image, as input of an edit."""
    one = corpus_news.article(rng, text.pick_story(rng), serial, is_plain=True)._replace(topics=(text.MAIN_TOPIC,))
    return corpus_news.written(one, corpus_news.standing(one, one.quality, True), text.secured(rng), [])


def encoded(page: str | bytes) -> bytes:
    """Bytes as they are, text as UTF-8."""
    return page if isinstance(page, bytes) else page.encode()
