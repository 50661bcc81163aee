"""The sample read without Frontmart: standard library and PyYAML, and no thought for speed or for odd corpora."""

import datetime as dt
import html
import json
import re
import tomllib
import unicodedata
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
KINDS = {"_news": "news", "_learning": "learning", "_samples": "download", "_newsletters": "newsletter"}


@dataclass
class Article:
    """A file with front matter that is coverage."""

    path: str
    title: str | None
    type: str | None
    heat: int | None
    quality: int | None
    url: str | None
    provider: tuple[str, str] | None
    provider_name: str | None
    published: dt.datetime | None
    topics: dict[str, str]
    images: list[str]
    related: list[tuple[str, str | None]]
    cluster: int = 0
    event: str | None = None
    organisation: tuple[str, str] | None = None

    @property
    def day(self) -> dt.date | None:
        """The day of publication."""
        return self.published.date() if self.published else None

    @property
    def kind(self) -> str:
        """The kind, by the folder of the file; the files of the sample without a folder are articles, so news."""
        return KINDS[self.path.split("/")[0]] if "/" in self.path else "news"

    @property
    def order(self) -> tuple[str, str]:
        """Its place among the articles with a date: by time, then by path."""
        return str(self.published), self.path


@dataclass
class Corpus:
    """Articles, each with its cluster, its organisation and the event that it is given."""

    articles: list[Article]
    events: dict[str, str]
    by_url: dict[str, list[Article]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for article in self.articles:
            if article.url:
                self.by_url.setdefault(article.url, []).append(article)
        for number, article in enumerate(self.articles):
            article.cluster = number
            article.event = self.events.get(article.path)
            article.organisation = self._organisation(article)
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
    def _names(self) -> dict[str, set[str]]:
        """The names of each domain, without subdomains."""
        found: dict[str, set[str]] = {}
        for article in self.articles:
            if article.provider:
                found.setdefault(_registered(article.provider[0]), set()).add(article.provider[1])
        return found

    def _organisation(self, article: Article) -> tuple[str, str] | None:
        """A domain; of a domain with three names or more, which is a platform, the domain and the name."""
        if not article.provider:
            return None
        domain = _registered(article.provider[0])
        return domain, article.provider[1] if len(self._names[domain]) >= 3 else ""

    @cached_property
    def news(self) -> list[Article]:
        """The articles of kind news."""
        return [each for each in self.articles if each.kind == "news"]

    @cached_property
    def reports(self) -> dict[str, list[Article]]:
        """The articles of each event, the earliest first."""
        found: dict[str, list[Article]] = {}
        for article in sorted(self.news, key=lambda each: each.order):
            if article.event:
                found.setdefault(article.event, []).append(article)
        return found

    @cached_property
    def organisations(self) -> dict[tuple[str, str], list[Article]]:
        """The articles of each organisation."""
        found: dict[tuple[str, str], list[Article]] = {}
        for article in self.articles:
            if article.organisation:
                found.setdefault(article.organisation, []).append(article)
        return found

    @cached_property
    def news_topics(self) -> dict[str, list[Article]]:
        """The news of each topic that fewer than 90 percent of the tagged news have."""
        tagged = sum(bool(each.topics) for each in self.news)
        found = {topic: [each for each in articles if each.kind == "news"] for topic, articles in self.topics.items()}
        return {topic: articles for topic, articles in found.items() if len(articles) < 0.9 * tagged}

    @cached_property
    def leads(self) -> dict[str, tuple[Article, set[str]]]:
        """The first article of each event that has a tag, which is a topic of `news_topics`; and its tags."""
        found: dict[str, tuple[Article, set[str]]] = {}
        for event, articles in self.reports.items():
            for article in articles:
                tags = {topic for topic, members in self.news_topics.items() if article in members}
                if tags and event not in found:
                    found[event] = article, tags
        return found

    @cached_property
    def copies(self) -> list[Article]:
        """News under a long title that another organisation had at most seven days before."""
        earlier: dict[str, list[Article]] = {}
        found = []
        for article in sorted((each for each in self.news if each.published), key=lambda each: each.order):
            title = folded(article.title)
            if article.type == "video" or not article.organisation or len(title) < 25 or title.count(" ") < 3:
                continue
            before = [each for each in earlier.get(title, []) if _days(each, article) <= 7]
            if before and before[0].organisation != article.organisation:
                found.append(article)
            earlier.setdefault(title, []).append(article)
        return found

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


def read_corpus(folder: Path, events: dict[str, str]) -> Corpus:
    """The articles of a folder, by path; `events` has the event of each path that is in one."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in SUFFIXES)
    return Corpus(list(_articles(folder, paths)), events)


def folded(title: str | None) -> str:
    """The words of a title in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", html.unescape(title or "")).casefold()
    return " ".join(re.findall(r"\w+", "".join(each for each in plain if not unicodedata.combining(each))))


def herfindahl(counts: Iterable[int]) -> float:
    """The sum of the squared shares."""
    shares = list(counts)
    return sum(share**2 for share in shares) / sum(shares) ** 2


def _registered(domain: str) -> str:
    return ".".join(domain.split(".")[-2:])


def _days(one: Article, other: Article) -> float:
    assert one.published
    assert other.published
    return (other.published - one.published).total_seconds() / 86_400


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
            quality=found.get("quality") if isinstance(found.get("quality"), int) else None,
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
