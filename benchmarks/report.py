"""RESULTS.md: what was measured, made of nothing but the campaigns."""

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.contenders import FLOORS, PANDAS, READ, START, WALK
from benchmarks.goals import verdicts
from benchmarks.obstacles import obstacles
from benchmarks.outputs import TABLES
from benchmarks.results import Campaign, Result, Work
from frontmart.formats.markdown import markdown_table

TITLE = """# Benchmark results

Made by `make bench` (under ten minutes) and `make bench SIZE=1000000` (the large run) of the numbers in `results/`.
Every contender does the same work: a folder of front-matter files becomes tidy tables (documents, topics, images,
related items with their images) and a table of coverage by topic (articles, providers, mean heat without the -1 that is
none, first and last published)."""

NOTES = """## What is measured, and what is not

- Every run is a process of its own, its start included. Contenders take turns (A B C A B C ...), {rounds} rounds; one
  that takes more than {long} seconds has one round. Seconds are medians, with the fastest and the slowest run beside.
- The file cache is warm: every corpus is read once before the first round. What a run wrote is flushed before the
  next.
- Files are invented (`corpus.py`, seed {seed}), at least one in 2,000 of each of some 35 odd or broken kinds among
  them. Small ones have few related items, large ones many.
- Peak memory is the sum over the process and its descendants, sampled 50 times a second, the highest of all runs. Pages
  that processes share count in each of them, so it is an upper bound for whoever uses several.
- CPU seconds are those of the process and its descendants. The rivals use one core, as written; Frontmart uses all.
- Frontmart is its command line, `frontmart build SOURCE --out DIR --quiet`. It does more than the rivals: it accounts
  for every file, keeps what no column takes, resolves related items, builds a warehouse with all its models and marts,
  and runs every check. Nothing of that is switched off.
- The Python rivals share `rivals/reading.py`: python-frontmatter with PyYAML's C loader, rows made by plain loops. dlt
  yields pages of documents, as its documentation advises, with its default settings. MarkdownDB keeps front matter as
  JSON in SQLite, and SQL makes the tables, which stay in SQLite; it reads .md files only.
- A difference in the rows found is a file that a contender cannot read: with a byte order mark, in UTF-16, TOML, JSON,
  or with another ending than .md. Frontmart counts topics without regard to case, the rivals with.
- Floors do less than the work: they start Python with the libraries that a build needs, walk and stat the tree, or read
  every byte with a process a core.
- Not measured: a cold file cache, network file systems, other systems than Linux."""

Cells = Sequence[str]


def table(head: Cells, rows: Iterable[Cells]) -> str:
    """A Markdown table, everything behind the first column to the right."""
    return "\n".join(markdown_table(head, rows, right_aligned=range(1, len(head))))


def render(campaigns: Sequence[Campaign], *, rounds: int, long_seconds: float, seed: int) -> str:
    """The whole of RESULTS.md."""
    goals = [[each.work, each.goal, each.measured, each.verdict] for each in verdicts(campaigns)]
    return (
        "\n\n".join(
            [
                TITLE,
                "## Goals",
                left_table(["work", "goal", "measured", "verdict"], goals),
                *obstacles_part(campaigns),
                *(part for campaign in campaigns for part in campaign_parts(campaign)),
                NOTES.format(rounds=rounds, long=f"{long_seconds:g}", seed=seed),
            ]
        )
        + "\n"
    )


def obstacles_part(campaigns: Sequence[Campaign]) -> Iterator[str]:
    """What stands in the way of goals, where any were not met."""
    told = obstacles(campaigns)
    if told:
        yield "### What stands in the way"
        yield "\n".join(f"- {sentence}" for sentence in told)


def left_table(head: Cells, rows: Iterable[Cells]) -> str:
    """A Markdown table of words."""
    return "\n".join(markdown_table(head, rows))


def campaign_parts(campaign: Campaign) -> Iterator[str]:
    """A chapter: one command, its machine, its works, its cross-check."""
    yield f"## {campaign.command}"
    about = {"date": campaign.date, **campaign.machine, **campaign.versions}
    yield "\n".join(f"- {name}: {value}" for name, value in about.items())
    if len({work.size for work in campaign.works}) == 1 and len(campaign.works) > 1:
        yield "### How it grows"
        yield growth_table(campaign.works)
    for work in campaign.works:
        yield f"### {work.title}"
        yield work_table(work)
        yield from (f"Left out: {name} ({reason})." for name, reason in work.left_out.items())
        yield from (f"Failed: {each.name} ({each.failure})." for each in work.results if each.failure)
        yield check_table(work)


def work_table(work: Work) -> str:
    """Time, speed and memory of every contender."""
    head = ["contender", "seconds", "fastest to slowest", "runs", "CPU s", "files/s", "MB/s", "peak MiB"]
    rows = [work_row(work, result) for result in work.results if result.summary]
    return table([*head, f"times as fast as {PANDAS}", "times the read floor"], rows)


def work_row(work: Work, result: Result) -> Cells:
    """One contender that ran to its end."""
    found = result.summary
    if found is None:
        raise ValueError(f"{result.name} did not finish")
    sees_files = result.name != START
    pandas, read = work.summary(PANDAS), work.summary(READ)
    return [
        result.name,
        seconds(found.seconds),
        f"{seconds(found.fastest)} to {seconds(found.slowest)}" if found.runs > 1 else "",
        str(found.runs),
        seconds(found.cpu_seconds),
        f"{work.files / found.seconds:,.0f}" if sees_files else "",
        f"{work.bytes / found.seconds / 1e6:,.1f}" if sees_files and result.name != WALK else "",
        f"{found.peak_bytes / 2**20:,.0f}",
        ratio(pandas.seconds / found.seconds) if pandas and not is_floor(result.name) else "",
        ratio(found.seconds / read.seconds) if read else "",
    ]


def is_floor(name: str) -> bool:
    """Whether it does a part of the work only."""
    return any(floor.name == name for floor in FLOORS)


def check_table(work: Work) -> str:
    """Rows that each contender found, and how far they are from what the corpus holds."""
    finished = [result for result in work.results if result.counts and not result.failure]
    rows = [check_row(work, result) for result in finished]
    expected = ["**in the corpus**", *(f"{work.expected[name]:,}" for name in TABLES), "", ""]
    return table(["rows found", *TABLES, "topics covered", "changed titles"], [expected, *rows])


def check_row(work: Work, result: Result) -> Cells:
    """One contender: each count, with the difference where there is one."""
    counts = [difference(result.counts[name], work.expected[name]) for name in TABLES]
    edited = "" if result.edited is None else difference(result.edited_found or 0, result.edited)
    return [result.name, *counts, f"{result.counts.get('coverage', 0):,}", edited]


def growth_table(works: Sequence[Work]) -> str:
    """Seconds of every contender over the number of files."""
    names = list(dict.fromkeys(result.name for work in works for result in work.results))
    rows = []
    for name in names:
        found = [work.summary(name) for work in works]
        peaks = [f"{each.peak_bytes / 2**20:,.0f} MiB" if each else "" for each in found]
        rows.append([name, *(seconds(each.seconds) if each else "" for each in found), peaks[0], peaks[-1]])
    head = ["seconds", *(f"{work.files:,} files" for work in works)]
    return table([*head, f"peak at {works[0].files:,}", f"peak at {works[-1].files:,}"], rows)


def difference(found: int, expected: int) -> str:
    """A count, with its distance from what it should be."""
    return f"{found:,}" if found == expected else f"{found:,} ({found - expected:+,})"


def seconds(value: float) -> str:
    """Seconds, to the hundredth below a hundred."""
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def ratio(value: float) -> str:
    """A ratio with as many digits as mean something."""
    return f"{value:.2f}" if value < 10 else f"{value:,.1f}"
