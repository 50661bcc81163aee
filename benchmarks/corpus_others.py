"""The files of the generated corpus other than news: one function per collection, which returns one file."""

from collections import deque
from collections.abc import Callable, Sequence
from random import Random

from benchmarks import corpus_text as text
from benchmarks.corpus_text import File, Provider

# Names of earlier files, which collections and newsletters link to; bounded, so that memory stays constant.
Recent = deque[str]
Maker = Callable[[Random, int, Recent], File]

SCHOOL = Provider("Kerbside School", "kerbside.example.org", has_images=True)
SHED = Provider("Kerbside Shed", "shed.kerbside.example.org", has_images=True)
FORUM_HOSTS = (Provider("Bellring", "bellring.example", True), Provider("Relay", "relay.example.com", True))
LEVELS = ("Beginner", "Intermediate", "Advanced")
ORGANIZATIONS: Sequence[Provider] = tuple({one.domain: one for one in text.PAPER_PROVIDERS}.values())


def video(rng: Random, serial: int, _recent: Recent) -> File:
    """A video: no `webUrl`, a length in ISO 8601, one in sixty removed."""
    story, channel, clip = text.pick_story(rng), text.pick_channel(rng), text.video_id(rng)
    title, topics, day = text.headline(rng, story), text.pick_topics(rng, story), text.DAYS[story.day]
    hours = "1H" if rng.random() < 0.05 else ""
    length = f"PT{hours}{int(rng.random() * 59) + 1}M{int(rng.random() * 59) + 1}S"
    removed = "removed: true\npublished: false\n" if rng.random() < 1 / 60 else ""
    content = text.page(
        f'title: "{title}"\nexcerpt: "{text.summary(rng, story)}"\noriginalUrl: https://tube.example/watch?v={clip}\n'
        f"type: video\nprice: Free\nlength: {length}\npublishedDateTime: {day}{text.clock(rng)}\n"
        f"heat: {int(rng.random() * 300)}\n{removed}",
        text.embed(clip),
        text.provider_block(channel),
        text.topics_block(topics),
        text.image_block(f"https://img.example/vi/{clip}/maxresdefault.jpg", (1280, 720)),
        text.secured(rng),
    )
    path = f"_learning/videos/{text.slug(f'{channel.name} {title}')}-{serial}.md"
    return File(path, content.encode(), "videos", day[:4], topics=len(topics), images=1)


def course(rng: Random, serial: int, _recent: Recent) -> File:
    """A course: only a `webUrl`, ratings, levels, an image four times in five."""
    story = text.pick_story(rng)
    title, topics = text.headline(rng, story), text.pick_topics(rng, story)
    slug = f"{text.slug(title)}-{serial}"
    has_image = rng.random() < 0.8
    ratings = f"ratings:\n  count: {int(rng.random() * 500)}\n  average: {4 + rng.random():.6f}\n"
    content = text.page(
        f'title: "{title}"\nexcerpt: "{text.summary(rng, story)}"\n'
        f"webUrl: https://www.kerbside.example.org/en-us/learn/modules/{slug}/\ntype: course\nprice: Free\n"
        f"length: PT{int(rng.random() * 80) + 5}M\n{ratings if rng.random() < 0.97 else ''}"
        f"heat: {int(rng.random() * 120)}\n",
        text.provider_block(SCHOOL),
        f"levels:\n  - {rng.choice(LEVELS)}\n",
        text.topics_block(topics),
        text.image_block(f"https://img.example/achievements/{slug}.png", (640, 320)) if has_image else "",
        text.secured(rng),
    )
    path = f"_learning/courses/kerbside-school-{slug}.md"
    return File(path, content.encode(), "courses", text.DAYS[story.day][:4], topics=len(topics), images=has_image)


def collection(rng: Random, serial: int, recent: Recent) -> File:
    """A list of up to nine earlier videos and courses: no URL, often an empty excerpt."""
    story = text.pick_story(rng)
    title, topics = text.headline(rng, story), text.pick_topics(rng, story)
    items = [rng.choice(recent) for _ in range(min(len(recent), 1 + int(rng.random() * 9)))]
    has_image = rng.random() < 0.9
    excerpt = text.summary(rng, story) if rng.random() < 0.5 else ""
    content = text.page(
        f'title: "{title}"\nexcerpt: "{excerpt}"\ntype: collection\nprice: Free\n'
        f"length: PT{int(rng.random() * 6) + 1}H{int(rng.random() * 59) + 1}M\nheat: {int(rng.random() * 200)}\n",
        text.provider_block(SCHOOL),
        f"levels:\n  - {rng.choice(LEVELS)}\n",
        "items:\n" + "".join(f"  - {item}\n" for item in items),
        text.topics_block(topics),
        text.image_block(f"https://img.example/collections/{serial}.png", (640, 320)) if has_image else "",
        text.secured(rng),
    )
    path = f"_learning/collections/kerbside-school-{text.slug(title)}-{serial}.md"
    return File(path, content.encode(), "collections", text.DAYS[story.day][:4], topics=len(topics), images=has_image)


def sample(rng: Random, serial: int, _recent: Recent) -> File:
    """A download: `actions`, authors under the provider, a body of HTML."""
    story = text.pick_story(rng)
    title, day = text.headline(rng, story), text.DAYS[story.day]
    slug = f"{text.slug(title)}-{serial}"
    author = f"{rng.choice(text.FIRST_NAMES)}{rng.choice(text.LAST_NAMES)}{serial % 100}"
    content = text.page(
        f'title: "{title}"\nexcerpt: "{text.summary(rng, story)}"\n'
        f"originalUrl: https://shed.kerbside.example.org/samples/{slug}/{serial}\ntype: download\n"
        f"publishedDateTime: {day}{text.clock(rng)}\nheat: {int(rng.random() * 150)}\n",
        f'actions:\n  - url: "https://shed.kerbside.example.org/files/{serial}/{slug}%20v1.zip"\n    type: "download"\n'
        f'    title: "Download Source Files"\n    attribution: "{SHED.name}"\n',
        f"{text.provider_block(SHED)}  authors:\n    - name: {author}\n",
        text.topics_block((text.MAIN_TOPIC,)),
        text.image_block(f"https://img.example/shed/{serial}/{slug}.png", rng.choice(text.IMAGE_SIZES)),
        text.secured(rng),
        body=paragraphs(rng, story, 1 + int(rng.random() * 9)),
    )
    return File(f"_samples/kerbside-shed-{slug}.md", content.encode(), "samples", day[:4], topics=1, images=1)


def paragraphs(rng: Random, story: text.Story, count: int) -> str:
    """A body of HTML in one line, as the real samples have it."""
    bodies = (text.sentences(rng, story, 3).replace('\\"', "&quot;") for _ in range(count))
    return "".join(f"<p>{body}</p><p>&nbsp;</p>" for body in bodies) + "\n\n"


def person(rng: Random, serial: int, _recent: Recent) -> File:
    """A profile: `name` and `bio` instead of title and excerpt, followers on a microblog."""
    first, last, place = rng.choice(text.FIRST_NAMES), rng.choice(text.LAST_NAMES), rng.choice(text.PLACES)
    name, handle = f"{first} {last}", f"{first}{last}".lower()
    school = f"affiliation:\n  name: {SCHOOL.name}\n  domain: {SCHOOL.domain}\n" if rng.random() < 0.6 else ""
    site = f"website: https://{handle}.example.net/\n" if rng.random() < 0.7 else ""
    content = text.page(
        f'name: "{name}"\nbio: "Rides, repairs and writes in {place} | #CityCycling | Bells & brakes"\n'
        f'location: {place}\ntype: "profile"\nheat: {int(rng.random() * 90)}\n',
        school,
        site,
        f"twitter:\n  username: {handle}\n  url: https://chirp.example/{handle}\n"
        f"  followers: {int(rng.random() ** 3 * 160_000)}\n",
        text.topics_block((text.MAIN_TOPIC,)),
        text.image_block(f"https://img.example/people/{handle}_400x400.jpg", (400, 400), title=name),
        text.secured(rng),
    )
    return File(f"_people/{text.slug(name)}-{serial}.md", content.encode(), "people", "2024", topics=1, images=1)


def community(rng: Random, serial: int, _recent: Recent) -> File:
    """A forum: `name` and `members`, no date and no `secured`."""
    place, host, topic = rng.choice(text.PLACES), rng.choice(FORUM_HOSTS), rng.choice(text.TOPICS)
    group = f"{text.slug(place)}-{serial}"
    url = f"https://{host.domain}/groups/{group}/"
    content = text.page(
        f'name: "{host.name}: {place} riders"\nexcerpt: "A group for everyone who rides in {place}, at any speed."\n'
        f"originalUrl: {url}\nwebUrl: {url}\ntype: forum\nmembers: {int(rng.random() ** 3 * 25_000) + 12}\n"
        f"heat: {int(rng.random() * 330)}\n",
        text.provider_block(host),
        text.topics_block((topic,)),
        f"{text.image_block(f'https://img.example/groups/{group}.jpg?size=512', (512, 512))}\n",
    )
    path = f"_communities/{text.slug(host.name)}-{group}.md"
    return File(path, content.encode(), "communities", "2024", topics=1, images=1)


def newsletter(rng: Random, serial: int, _recent: Recent) -> File:
    """A weekly newsletter: front matter without a provider, then a complete HTML page."""
    stories = [text.pick_story(rng) for _ in range(6 + int(rng.random() * 8))]
    day = text.DAYS[serial * 7 % len(text.DAYS)]
    title = f"City Cycling Weekly ({day})"
    url = f"https://weekly.kerbside.example.org/letters/{day}-{serial}/"
    items = "".join(
        f'  <h2><a href="{url}#{number}">{text.headline(rng, story)}</a></h2>\n'
        f"  <p>{text.sentences(rng, story, 3)}</p>\n".replace('\\"', "&quot;")
        for number, story in enumerate(stories)
    )
    head = f'<html>\n\n<head>\n  <meta name="viewport" content="width=640">\n  <title>{title}</title>\n</head>\n'
    content = text.page(
        f'title: "{title}"\nexcerpt: "{text.headline(rng, stories[0])} / {text.headline(rng, stories[1])}"\n'
        f'publishedDateTime: {day}{text.clock(rng)}\nwebUrl: "{url}"\ntype: article\n',
        text.topics_block((text.MAIN_TOPIC,)),
        text.secured(rng) if rng.random() < 0.9 else "\n",
        body=f"{head}\n<body>\n{items}</body>\n\n</html>\n",
    )
    path = f"_newsletters/city-cycling-weekly-{day}-{serial}.html"
    return File(path, content.encode(), "newsletters", day[:4], topics=1)


def organization(rng: Random, serial: int, _recent: Recent) -> File:
    """An organisation of a taxonomy: relative image URLs, no blank lines, no `secured`."""
    one = ORGANIZATIONS[serial]
    about = f"description: {one.name} writes about streets and those who use them.\n" if rng.random() < 0.4 else ""
    others = f"otherNames:\n  - The {one.name}\n" if rng.random() < 0.06 else ""
    logos = "".join(
        f"  - url: /assets/images/organizations/{one.domain}-{side}x{side}.jpg\n    width: {side}\n    height: {side}\n"
        for side in (50, 400)
    )
    content = (
        f"---\ntaxonomy: organization\n_id: {one.domain}\nname: {one.name}\n{others}domain: {one.domain}\n"
        f"{about}images:\n{logos}---\n"
    )
    return File(f"_data/organizations/{one.domain}.md", content.encode(), "organizations", "2024", images=2)


MAKERS: dict[str, Maker] = {
    "videos": video,
    "courses": course,
    "collections": collection,
    "samples": sample,
    "people": person,
    "communities": community,
    "newsletters": newsletter,
    "organizations": organization,
}
