"""Words and blocks of the generated corpus: invented places, papers and people around city cycling.

Every URL is under a domain that RFC 2606 reserves for examples, so that no file links to a real site.
"""

import base64
import re
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

MAIN_TOPIC = "City Cycling"
# Traps on purpose: 'C', 'C++' and 'C#' share a naive slug, two topics differ in case only, one has no Latin letter.
THINGS: dict[str, tuple[str, ...]] = {
    MAIN_TOPIC: ("a car-free school street", "a winter ride-to-work month", "free bells for every rider"),
    "E-Bikes": ("a lending fleet of e-bikes", "battery lockers at the tram stop", "a repair line for worn motors"),
    "Cargo Bikes": ("a cargo bike for every block", "parcel runs by cargo bike", "a cargo bike library"),
    "Bike Lanes": ("a protected lane along the canal", "a wider lane over the old bridge", "a lane free of vans"),
    "Maps": ("a paper map of quiet streets", "a map of every drinking fountain", "a hill map drawn by pupils"),
    "Route Planning": ("a planner that avoids cobbles", "routes that end at a bakery", "a planner for tired legs"),
    "Route planning": ("a night route with lamps", "a flat route to the hospital", "a signed route for beginners"),
    "C": ("tyre sensor firmware in plain C", "a dynamo driver written in C", "a smaller bootloader in C"),
    "C++": ("a routing engine written in C++", "a C++ library for elevation data", "a C++ port of the lane counter"),
    "C#": ("a workshop booking app in C#", "a C# reader for ride logs", "a C# service for lost locks"),
    "Community Workshops": ("an evening repair workshop", "a tool wall in the library", "a wheel-truing class"),
    "自転車": ("a 自転車 parking tower", "a 自転車 phrase book for visitors", "a twin-town 自転車 festival"),
}
TOPICS = tuple(THINGS)

PLACES = (
    "Harrowmere", "Tindle Quay", "Osterwick", "Penhollow", "Quillmouth", "Brackenfold", "Saltmere Reach", "Vellingham",
    "Dunmarrow", "Eastlarch", "Corvenhall", "Little Orrin", "Marrowgate", "Fenwhistle", "Loxquarry", "Ashpenny",
    "Tamsin Hill", "Oldwater", "Grindlebrook", "Northspindle", "Wexpool", "Hollinport", "Pellamy", "Rooksender",
)  # fmt: skip
PAPERS = (
    "Courier", "Gazette", "Observer", "Dispatch", "Chronicle", "Ledger", "Bulletin", "Beacon",
    "Sentinel", "Almanac", "Review", "Messenger", "Register", "Standard", "Record", "Echo",
)  # fmt: skip
FIRST_NAMES = (
    "Ilse", "Tomas", "Wren", "Adaeze", "Piet", "Marisol", "Jun", "Oona", "Bram", "Leila", "Stellan", "Noor",
    "Ciara", "Davit", "Emeka", "Greta", "Hana", "Ivo", "Keziah", "Linus", "Mirela", "Nils", "Priya", "Zoltan",
)  # fmt: skip
LAST_NAMES = (
    "Tarnwick", "Ellowby", "Quistfeld", "Marrenfold", "Oduvale", "Brindlehoe", "Kestrelby", "Vantongue", "Sprocketty",
    "Hubbardine", "Pannierson", "Lockhollow", "Wheelwater", "Cranklow", "Saddlemire", "Freewold", "Derailly",
    "Bellmoor",
)  # fmt: skip

TITLES = (
    "{place} opens {thing} after a two-year trial",
    "{place} council votes for {thing}",
    "Why {thing} took {place} by surprise",
    "How {place} paid for {thing}",
    "What {place} learned from {thing}",
    "{thing}: {place} counts {number} riders in the first week",
    "Five questions about {thing} in {place}",
    "{place} to test {thing} before the summer",
    "Volunteers in {place} finish {thing}",
    "“It works”: {place} keeps {thing}",
    "{place} riders ask for {thing} & get it",
    "Neighbours of {place} copy {thing}",
    'The \\"{place} model\\": {thing}',
    "{number} signatures later, {place} has {thing}",
    "{place}\u2019s plan for {thing}, explained",
    "A quiet year for {thing} in {place}",
)
SENTENCES = (
    "The council of {place} has been counting riders for a year, and {thing} is what came out of it.",
    "Nobody in {place} expected {thing} to be ready before the first frost.",
    "A group of {number} neighbours met in a garage and wrote down what {place} was missing.",
    "The plan is short: one street, one season and {thing}.",
    "Shopkeepers feared for their parking spaces, but the tills say otherwise.",
    "In the first week {number} people tried it, most of them on a borrowed bicycle.",
    "Here\u2019s everything that riders in {place} need to know about {thing}.",
    "The money comes from a levy on empty car parks & a raffle.",
    "“We measured twice and painted once,” says the engineer in charge.",
    'The mayor calls it \\"the cheapest mile we ever built\\" and means it.',
    "Critics ask who sweeps the leaves; the answer is a trailer with two brushes.",
    "What looks simple from the saddle took {number} drawings and a new kind of kerb.",
    "Bus drivers helped to place the signs, and they have asked for more of them.",
    "The results are open to everyone, down to the last counter on the bridge.",
    "Two other towns have sent letters, and one of them has sent a delegation.",
    "This guide walks through {thing} step by step, without a word of jargon.",
    "Rain or shine, the numbers for {place} keep growing by a handful every day.",
    "If the trial holds until autumn, {place} will make it permanent.",
    "The first stretch is 3\u00a0km long and has a bench at either end.",
    "It&#8217;s the kind of change that {place} notices only when it is gone &hellip;",
)

DAYS = tuple((date(2019, 1, 1) + timedelta(days=day)).isoformat() for day in range(2192))
IMAGE_SIZES = ((640, 260), (1200, 800), (1280, 720), (1920, 1080), (618, 285), (480, 480))
# Length of the cipher text of a `secured` value, in bytes; real ones are multiples of 16, mostly 17 blocks.
SECURED_BYTES = (272, 272, 272, 272, 272, 272, 272, 272, 336, 400)


class Provider(NamedTuple):
    """A publisher; `name` is as written in the file, `has_images` says whether it has a logo."""

    name: str
    domain: str
    has_images: bool = False


class Story(NamedTuple):
    """The subject of a cluster; `day` is an index into DAYS."""

    place: str
    topic: str
    thing: str
    day: int


class File(NamedTuple):
    """A file to write and the counts that a reader should find; `path` is relative, `year` is for splitting folders."""

    path: str
    content: bytes
    kind: str
    year: str
    outcome: str = "document"
    topics: int = 0
    images: int = 0
    related: int = 0


PAPER_PROVIDERS = tuple(
    Provider(f"{place} {paper}", f"{place}{paper}.example".lower().replace(" ", ""), place.startswith("O"))
    for paper in PAPERS
    for place in PLACES
)
ENCODED_PROVIDER = Provider("Fenwhistle%2c Inc.", "fenwhistle.example.net")
# One name on two domains, a name that is its domain, a name written percent-encoded.
SPECIAL_PROVIDERS = (
    Provider("Spoke & Kerb", "spokeandkerb.example"),
    Provider("Spoke & Kerb", "spokeandkerb.example.org"),
    Provider("pedalnotes.example.com", "pedalnotes.example.com"),
    ENCODED_PROVIDER,
)


def pick_story(rng: Random) -> Story:
    """A random story: a place, a thing and a day."""
    topic = rng.choice(TOPICS)
    return Story(rng.choice(PLACES), topic, rng.choice(THINGS[topic]), int(rng.random() * (len(DAYS) - 30)))


def pick_provider(rng: Random) -> Provider:
    """A random publisher, the first of the list far more often than the last; one in six is on a shared platform."""
    chance = rng.random()
    if chance < 0.08:
        return rng.choice(SPECIAL_PROVIDERS)
    paper = PAPER_PROVIDERS[int(rng.random() ** 2 * len(PAPER_PROVIDERS))]
    return Provider(f"{paper.name} on Relay", "relay.example.com") if chance < 0.24 else paper


def pick_channel(rng: Random) -> Provider:
    """A random video channel; all channels share one domain."""
    return Provider(f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}", "tube.example")


def pick_topics(rng: Random, story: Story) -> tuple[str, ...]:
    """One to three different topics, mostly with the main one first."""
    if story.topic == MAIN_TOPIC or rng.random() < 0.3:
        return (MAIN_TOPIC,)
    other = rng.choice(TOPICS) if rng.random() < 0.06 else MAIN_TOPIC
    if rng.random() < 0.1 or other == story.topic:
        return (story.topic,)
    return (MAIN_TOPIC, story.topic) if other == MAIN_TOPIC else (MAIN_TOPIC, story.topic, other)


def headline(rng: Random, story: Story) -> str:
    """A title, escaped for double quotes in YAML."""
    title = rng.choice(TITLES).format(place=story.place, thing=story.thing, number=int(rng.random() * 900) + 100)
    return title[0].upper() + title[1:]


def sentences(rng: Random, story: Story, count: int) -> str:
    """A number of sentences about a story, escaped for double quotes in YAML."""
    return " ".join(
        rng.choice(SENTENCES).format(place=story.place, thing=story.thing, number=int(rng.random() * 90) + 10)
        for _ in range(count)
    )


def summary(rng: Random, story: Story) -> str:
    """An excerpt of one to four sentences; one in five is truncated, as on news sites."""
    full = sentences(rng, story, 1 + int(rng.random() * 4))
    return f"{full[:160].rpartition(' ')[0]} ..." if rng.random() < 0.2 else full


def slug(text: str) -> str:
    """Lower-case ASCII words with hyphens, at most 80 characters, as in the names of real files."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")[:80].rstrip("-")


def clock(rng: Random) -> str:
    """A time of day in UTC."""
    return f"T{int(rng.random() * 24):02}:{int(rng.random() * 60):02}:00Z"


def secured(rng: Random) -> str:
    """The line with an opaque value: cipher text and a block of 16 bytes, both base64."""
    cipher = base64.b64encode(rng.randbytes(rng.choice(SECURED_BYTES))).decode()
    return f'secured: "{cipher};{base64.b64encode(rng.randbytes(16)).decode()}"\n'


def video_id(rng: Random) -> str:
    """A video id of eleven characters, as on video platforms."""
    return base64.urlsafe_b64encode(rng.randbytes(9)).decode()[:11]


def embed(video: str) -> str:
    """The `featuredContent` block of a video."""
    return (
        f'featuredContent: "<iframe width=\\"800\\" height=\\"500\\" frameborder=\\"0\\" '
        f'src=\\"https://www.tube.example/embed/{video}\\" allow=\\"autoplay; encrypted-media\\" '
        f'allowfullscreen></iframe>"\n'
    )


def page(*blocks: str, body: str = "") -> str:
    """The text of a file: the blocks, separated by blank lines and fenced, then the body."""
    return "---\n" + "\n".join(block for block in blocks if block) + "---\n" + (body or "\n")


def provider_block(provider: Provider) -> str:
    """The `provider` block, with a logo if the provider has one."""
    logo = f"https://img.example/organizations/{provider.domain}-50x50.jpg"
    images = f"  images:\n    - url: {logo}\n      width: 50\n      height: 50\n" if provider.has_images else ""
    return f"provider:\n  name: {provider.name}\n  domain: {provider.domain}\n{images}"


def topics_block(topics: tuple[str, ...]) -> str:
    """The `topics` block."""
    return "topics:\n" + "".join(f"  - {topic}\n" for topic in topics)


def image_block(url: str, size: tuple[int, int], *, title: str = "") -> str:
    """An `images` block of one image, its URL plain or already in quotes."""
    named = f'    title: "{title}"\n' if title else ""
    return f"images:\n  - url: {url}\n    width: {size[0]}\n    height: {size[1]}\n    isCached: true\n{named}"
