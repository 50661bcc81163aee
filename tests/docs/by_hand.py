"""The sample read without Frontmart: standard library and PyYAML, and no thought for speed or for odd corpora."""

import datetime as dt
import html
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import yaml

SUFFIXES = (".md", ".markdown", ".mdx", ".html", ".htm", ".txt")
YAML = re.compile(r"\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", re.DOTALL)
TOML = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)


@dataclass
class Article:
    """A file with front matter that is coverage."""

    path: str
    title: str | None
    type: str | None
    heat: int | None
    url: str | None
    provider: tuple[str, str] | None
    provider_name: str | None
    published: dt.datetime | None
    topics: dict[str, str]
    images: list[str]
    related: list[tuple[str, str | None]]
    cluster: int = 0

    @property
    def day(self) -> dt.date | None:
        """The day of publication."""
        return self.published.date() if self.published else None


@dataclass
class Corpus:
    """Articles, each with the number of its cluster."""

    articles: list[Article]
    by_url: dict[str, list[Article]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for article in self.articles:
            if article.url:
                self.by_url.setdefault(article.url, []).append(article)
        for number, article in enumerate(self.articles):
            article.cluster = number
        while sum(self._spread(article) for article in self.articles):
            pass

    def targets(self, article: Article) -> Iterator[tuple[str | None, Article]]:
        """A related link of an article: the title in its copy, and the linked article."""
        for url, title in article.related:
            holders = [other for other in self.by_url.get(url, []) if other is not article]
            if holders:
                yield title, min(holders, key=lambda other: other.path)

    def _spread(self, article: Article) -> bool:
        together = [article, *(target for _, target in self.targets(article))]
        lowest = min(each.cluster for each in together)
        changed = [each for each in together if each.cluster != lowest]
        for each in changed:
            each.cluster = lowest
        return bool(changed)

    @cached_property
    def clusters(self) -> dict[int, list[Article]]:
        """The articles of each cluster."""
        found: dict[int, list[Article]] = {}
        for article in self.articles:
            found.setdefault(article.cluster, []).append(article)
        return found

    @cached_property
    def topics(self) -> dict[str, list[Article]]:
        """The articles of each topic, by the spelling of most."""
        spellings = Counter((key, name) for article in self.articles for key, name in article.topics.items())
        names: dict[str, str] = {}
        for (key, name), _ in sorted(spellings.items(), key=lambda item: (-item[1], item[0])):
            names.setdefault(key, name)
        return {name: [each for each in self.articles if key in each.topics] for key, name in names.items()}

    @cached_property
    def providers(self) -> dict[tuple[str, str], list[Article]]:
        """The articles of each provider."""
        found: dict[tuple[str, str], list[Article]] = {}
        for article in self.articles:
            if article.provider:
                found.setdefault(article.provider, []).append(article)
        return found


def read_corpus(folder: Path) -> Corpus:
    """The articles of a folder, by path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in SUFFIXES)
    return Corpus(list(_articles(folder, paths)))


def herfindahl(counts: Iterable[int]) -> float:
    """The sum of the squared shares."""
    shares = list(counts)
    return sum(share**2 for share in shares) / sum(shares) ** 2


def _articles(folder: Path, paths: Iterable[Path]) -> Iterator[Article]:
    for path in paths:
        found = _front_matter(path)
        if not isinstance(found, dict):
            continue
        provider = found.get("provider") or {}
        url = _url(found.get("webUrl") or found.get("originalUrl"))
        name = html.unescape(unquote(str(provider["name"]))) if provider.get("name") else None
        domain = str(provider.get("domain") or "").lower()
        if not found.get("title") and (found.get("name") or not (url or provider)):
            continue
        heat = found.get("heat")
        yield Article(
            path=path.relative_to(folder).as_posix(),
            title=found.get("title"),
            type=found.get("type"),
            heat=heat if isinstance(heat, int) and heat != -1 else None,
            url=url,
            provider=(domain, (name or domain).casefold()) if name or domain else None,
            provider_name=name,
            published=_time(found.get("publishedDateTime")),
            topics={" ".join(topic.split()).casefold(): topic for topic in reversed(_topics(found.get("topics")))},
            images=[url for url in map(_image_url, found.get("images") or []) if url],
            related=[
                (_url(each.get("webUrl")) or "", each.get("title"))
                for each in found.get("related") or []
                if each.get("webUrl")
            ],
        )


def _front_matter(path: Path) -> Any:
    content = path.read_bytes()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding).replace("\r\n", "\n")
        if text.startswith("{"):
            return json.JSONDecoder().raw_decode(text)[0]
        if toml := TOML.match(text):
            return tomllib.loads(toml[1])
        found = YAML.match(text)
        return yaml.safe_load(found[1]) if found else None
    except (UnicodeDecodeError, yaml.YAMLError):
        return None


def _topics(value: object) -> list[str]:
    """Topics are a list, or one text."""
    return [str(each) for each in (value if isinstance(value, list) else [value]) if each]


def _image_url(image: object) -> str | None:
    """An image is a mapping, or its URL alone."""
    return image.get("url") if isinstance(image, dict) else str(image)


def _url(text: object) -> str | None:
    if not text:
        return None
    parts = urlsplit(str(text).strip())
    host = parts.netloc.lower().removesuffix(":443")
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name[:4] != "utm_"]
    return urlunsplit((parts.scheme.lower(), host, parts.path, urlencode(kept), ""))


def _time(value: object) -> dt.datetime | None:
    if isinstance(value, str):
        for parse in (dt.datetime.fromisoformat, lambda text: dt.datetime.strptime(text, "%d-%m-%Y")):
            with suppress(ValueError):
                return _time(parse(value))
        return None
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    return dt.datetime.combine(value, dt.time()) if isinstance(value, dt.date) else None
