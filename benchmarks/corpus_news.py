"""News of the generated corpus: clusters of articles about one event, in which every article lists the others."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import NamedTuple

from benchmarks import corpus_text as text
from benchmarks.corpus_text import File, Provider, Story

# Articles per cluster: a size is as likely as it is frequent in the list.
CLUSTER_SIZES: dict[str, tuple[int, ...]] = {
    "small": (1,) * 19 + (2,),
    "real": (1,) * 400 + (2,) * 80 + (3,) * 37 + (4,) * 18 + (5, 6, 7) * 6 + (8, 9) * 5 + (10, 12) * 3 + (20, 30, 40),
    "large": (25, 26, 27, 28, 29, 30),
}
# Sizes of the first clusters, so that even a small corpus has one of each flaw.
OPENING: dict[str, tuple[int, ...]] = {"small": (), "real": (12, 3, 5, 4), "large": ()}
QUALITIES = (30, 35, 47, 67, 77, 82, 87, 87, 87, 87, 87, 102, 107, 107, 124, 147, 162, 0, 1310)
HEAT_PER_MEMBER = 20

# Of the clusters of three or more, every n-th has the flaw, so that even a small corpus has each flaw.
STALE_EVERY, TWICE_EVERY, SELF_EVERY, ONE_WAY_EVERY, REPOST_EVERY = 2, 11, 13, 17, 19


class Article(NamedTuple):
    """One article before it is written; texts are escaped for double quotes, `amp` is the AMP part of its links."""

    slug: str
    day: int
    title: str
    excerpt: str
    stamp: str
    original_url: str
    web_url: str
    amp: str
    provider: Provider
    topics: tuple[str, ...]
    image: str
    size: tuple[int, int]
    quality: int
    embed: str

    @property
    def type(self) -> str:
        """The value of `type`."""
        return "video" if self.embed else "article"


def news(rng: Random, files: int, size: str) -> Iterator[File]:
    """Exactly `files` files of news, cluster by cluster; `size` names a list of cluster sizes."""
    done, flawed = 0, 0
    for drawn in cluster_sizes(rng, size):
        members = min(drawn, files - done)
        for file in islice(cluster(rng, members, done, flawed if members > 2 else None), files - done):
            yield file
            done += 1
        if done == files:
            return
        flawed += members > 2


def cluster_sizes(rng: Random, size: str) -> Iterator[int]:
    """The number of articles of each cluster, without end."""
    yield from OPENING[size]
    while True:
        yield rng.choice(CLUSTER_SIZES[size])


def cluster(rng: Random, size: int, serial: int, ordinal: int | None) -> Iterator[File]:
    """The files of a cluster: `serial` makes their names unique, `ordinal` determines the flaws of the cluster."""
    story = text.pick_story(rng)
    articles = [article(rng, story, serial + member) for member in range(size)]
    if size == 1:
        yield single(rng, articles[0])
        return
    head = max(range(size), key=lambda member: articles[member].quality)
    copies = [related_copy(one) for one in articles]
    stale = related_copy(stale_version(rng, story, articles[0]))
    for member, one in enumerate(articles):
        related = related_copies(copies, stale, member, ordinal)
        heat = one.quality + HEAT_PER_MEMBER * (size - 1) if member == head else -1
        yield written(one, standing(one, heat, heat > 0 and rng.random() < 0.9), text.secured(rng), related)
    if ordinal is not None and ordinal % REPOST_EVERY == 1:
        # The same URL in a second file, under a later date and another title.
        again = articles[head]._replace(day=articles[head].day + 3, title=text.headline(rng, story))
        related = related_copies(copies, stale, head, None)
        yield written(again, standing(again, again.quality, False), text.secured(rng), related)


def article(rng: Random, story: Story, serial: int, *, is_plain: bool = False) -> Article:
    """An article or, one in ten, a video about a story, up to eight days after it broke.

    A plain one is no video, has an image and no AMP links.
    """
    day = story.day + int(rng.random() ** 2 * 9)
    title = text.headline(rng, story)
    slug = f"{text.slug(title)}-{serial}"
    size = rng.choice(text.IMAGE_SIZES)
    image = f"https://{rng.choice(('', 'cdn1.', 'cdn2.'))}img.example/{text.DAYS[day][:4]}/{slug}-{size[0]}.jpg"
    video = text.video_id(rng) if rng.random() < 0.1 and not is_plain else ""
    provider = text.pick_channel(rng) if video else text.pick_provider(rng)
    web_url = "" if video else article_url(provider.domain, text.DAYS[day], slug, serial)
    has_amp = bool(web_url) and rng.random() < 0.25 and not is_plain
    return Article(
        slug=slug,
        day=day,
        title=title,
        excerpt=text.summary(rng, story),
        stamp=text.DAYS[day] + text.clock(rng),
        original_url=web_url or f"https://tube.example/watch?v={video}",
        web_url=web_url,
        amp=amp_links(provider.domain, slug) if has_amp else "",
        provider=provider,
        topics=text.pick_topics(rng, story),
        image=image if rng.random() < 0.92 or is_plain else "",
        size=size,
        quality=rng.choice(QUALITIES),
        embed=text.embed(video) if video else "",
    )


def article_url(domain: str, day: str, slug: str, serial: int) -> str:
    """The URL of an article, in one of three styles; each domain has one style."""
    style = len(domain) % 3
    if style == 0:
        return f"https://www.{domain}/{day[:4]}/{day[5:7]}/{slug}/"
    return f"https://{domain}/news/{slug}" if style == 1 else f"https://www.{domain}/story/{serial}/{slug}.html"


def amp_links(domain: str, slug: str) -> str:
    """The lines of the two AMP keys of an article."""
    cached = f"https://{domain.replace('.', '-')}.amp.example/c/s/{domain}/amp/{slug}/"
    return f'ampWebUrl: "https://{domain}/amp/{slug}/"\ncdnAmpWebUrl: "{cached}"\n'


def single(rng: Random, one: Article) -> File:
    """An article without a cluster: its heat equals its quality, or both keys are absent."""
    has_standing = rng.random() < (0.3 if one.embed else 0.97)
    state = standing(one, one.quality, rng.random() < 0.85) if has_standing else ""
    return written(one, state, text.secured(rng), [])


def standing(one: Article, heat: int, is_published: bool) -> str:
    """The lines that rank an article; heat -1 marks a suppressed member, which the head of the cluster represents."""
    return f"quality: {one.quality}\nheat: {heat}\npublished: {'true' if is_published else 'false'}\n"


def stale_version(rng: Random, story: Story, one: Article) -> Article:
    """An earlier copy of an article, as others list it: another title, another quality, a tracking parameter."""
    web_url = f"{one.web_url}?utm_source=relay&utm_medium=feed" if one.web_url else ""
    return one._replace(
        title=text.headline(rng, story),
        excerpt=text.summary(rng, story),
        quality=one.quality + 20,
        web_url=web_url,
    )


def related_copies(copies: list[str], stale: str, member: int, ordinal: int | None) -> list[str]:
    """The members that an article lists: all others, apart from the flaws of the cluster."""
    noted = copies[:member] + copies[member + 1 :]
    if ordinal is None:
        return noted
    is_first, is_last = member == 0, member == len(copies) - 1
    if ordinal % STALE_EVERY == 0 and member % 2 == 1:
        noted[0] = stale
    if is_first and ordinal % TWICE_EVERY == 1:
        noted.append(noted[0])
    if is_first and ordinal % SELF_EVERY == 2:
        noted.append(copies[member])
    if is_last and ordinal % ONE_WAY_EVERY == 3:
        noted.pop(0)
    return noted


def related_copy(one: Article) -> str:
    """An article as an item of `related` in another article."""
    amp = "".join(f"    {line}\n" for line in one.amp.splitlines())
    logo = f"https://img.example/organizations/{one.provider.domain}-50x50.jpg"
    logos = f'      images:\n        - url: "{logo}"\n          width: 50\n          height: 50\n'
    image = (
        f'    images:\n      - url: "{one.image}"\n        width: {one.size[0]}\n        height: {one.size[1]}\n'
        f"        isCached: true\n"
    )
    return (
        f'  - title: "{one.title}"\n    excerpt: "{one.excerpt}"\n    publishedDateTime: {one.stamp}\n'
        f'    webUrl: "{one.web_url}"\n{amp}    type: {one.type}\n'
        f"    provider:\n      name: {one.provider.name}\n      domain: {one.provider.domain}\n"
        f"{logos if one.provider.has_images else ''}    quality: {one.quality}\n{image if one.image else ''}"
    )


def written(one: Article, state: str, secured: str, related: list[str]) -> File:
    """The file of an article; in one of fourteen, the date in the name is not the day of publication."""
    web_url = f'webUrl: "{one.web_url}"\n' if one.web_url else ""
    content = text.page(
        f'category: news\ntitle: "{one.title}"\nexcerpt: "{one.excerpt}"\npublishedDateTime: {one.stamp}\n'
        f'originalUrl: "{one.original_url}"\n{web_url}{one.amp}type: {one.type}\n{state}',
        one.embed,
        text.provider_block(one.provider),
        text.topics_block(one.topics),
        text.image_block(f'"{one.image}"', one.size) if one.image else "",
        f"related:\n{''.join(related)}" if related else "",
        secured,
    )
    file_day = text.DAYS[one.day + (len(content) % 14 == 0)]
    return File(
        path=f"_news/{file_day}-{one.slug}.md",
        content=content.encode(),
        kind="news",
        year=file_day[:4],
        topics=len(one.topics),
        images=bool(one.image),
        related=len(related),
    )
