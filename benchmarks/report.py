"""Render RESULTS.md from the stored campaigns alone."""

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.contenders import FLOORS, PANDAS, READ, START, WALK
from benchmarks.goals import verdicts
from benchmarks.obstacles import obstacles
from benchmarks.outputs import TABLES
from benchmarks.results import Campaign, Result, Work
from frontmart.formats.markdown import markdown_table

TITLE = """# Benchmark results

`make bench` (under ten minutes) and `make bench SIZE=1000000` (the large run) write this page from the numbers in
`results/`. Every contender does the same work: it turns a folder of front-matter files into tidy tables (documents,
topics, images, related items with their images) and a table of coverage by topic (articles, providers, mean heat
without the placeholder -1, first and last publication)."""

NOTES = """## Method

- Every run is a new process, and its time includes the start of the process. Contenders take turns (A B C A B C ...)
  for {rounds} rounds; a contender that takes more than {long} seconds runs once. Seconds are medians, shown with the
  fastest and the slowest run.
- The file cache is warm: every corpus is read once before the first round. Writes of a run are flushed to disk before
  the next run.
- Files are synthetic (`corpus.py`, seed {seed}). Of each of some 35 odd or broken kinds, there is at least one per
  2,000 files. Small files have few related items, large files many.
- Peak memory is the highest sum over a process and its descendants in all runs, sampled 50 times a second. Pages that
  processes share count once per process, so it is an upper bound for contenders that use several.
- CPU seconds are the sum over the process and its descendants. The rivals, as written, use one core, Frontmart all.
- Frontmart runs as `frontmart build SOURCE --out DIR --quiet`. It does more than the rivals: it accounts for every
  file, stores keys that have no column, resolves related items, builds a warehouse with all models and marts, and runs
  every check. None of this is switched off.
- The Python rivals share `rivals/reading.py`, which reads with python-frontmatter and PyYAML's C loader, and makes rows
  in plain loops. dlt yields pages of documents, as its documentation advises, with its default settings. MarkdownDB
  stores front matter as JSON in SQLite, where SQL makes the tables; it reads only .md files.
- Row counts differ where a contender cannot read a file: one with a byte order mark, in UTF-16, TOML or JSON, or with
  a suffix other than .md. Frontmart ignores case when it counts topics; the rivals do not.
- A plain file is read by its outline, the lines without their values, which is parsed once for all files that share it;
  others go to a YAML parser. `python -m benchmarks.plain FOLDER...` counts those of any folders.
- A floor is a lower bound: it does only a part of the work. The floors start Python with the libraries that a build
  needs, walk and stat the tree, or read every byte with one process per core.
- Not measured: a cold file cache, network file systems, systems other than Linux."""

Cells = Sequence[str]


def table(head: Cells, rows: Iterable[Cells]) -> str:
    """A Markdown table, right-aligned but for the first column."""
    return "\n".join(markdown_table(head, rows, right_aligned=range(1, len(head))))


def render(campaigns: Sequence[Campaign], *, rounds: int, long_seconds: float, seed: int) -> str:
    """The text of RESULTS.md."""
    goals = [[each.work, each.goal, each.measured, each.verdict] for each in verdicts(campaigns)]
    return (
        "\n\n".join(
            [
                TITLE,
                "## Goals",
                left_table(["workload", "goal", "measured", "verdict"], goals),
                *obstacles_part(campaigns),
                *(part for campaign in campaigns for part in campaign_parts(campaign)),
                NOTES.format(rounds=rounds, long=f"{long_seconds:g}", seed=seed),
            ]
        )
        + "\n"
    )


def obstacles_part(campaigns: Sequence[Campaign]) -> Iterator[str]:
    """The section on missed goals; nothing if all goals were met."""
    sentences = obstacles(campaigns)
    if sentences:
        yield "### Why goals were missed"
        yield "\n".join(f"- {sentence}" for sentence in sentences)


def left_table(head: Cells, rows: Iterable[Cells]) -> str:
    """A left-aligned Markdown table, for text."""
    return "\n".join(markdown_table(head, rows))


def campaign_parts(campaign: Campaign) -> Iterator[str]:
    """The section of a command: its machine, and the times and row counts of each workload."""
    yield f"## {campaign.command}"
    about = {"date": campaign.date, **campaign.machine, **campaign.versions}
    yield "\n".join(f"- {name}: {value}" for name, value in about.items())
    if len({work.size for work in campaign.works}) == 1 and len(campaign.works) > 1:
        yield "### Growth with the number of files"
        yield growth_table(campaign.works)
    for work in campaign.works:
        yield f"### {work.title}"
        yield work_table(work)
        if work.yaml:
            yield f"{100 * work.plain / work.yaml:.1f} percent of {work.yaml:,} files with YAML are plain."
        yield from (f"Left out: {name} ({reason})." for name, reason in work.left_out.items())
        yield from (f"Failed: {each.name} ({each.failure})." for each in work.results if each.failure)
        yield check_table(work)


def work_table(work: Work) -> str:
    """Time, speed and memory: a row per contender that finished."""
    head = ["contender", "seconds", "fastest to slowest", "runs", "CPU s", "files/s", "MB/s", "peak MiB"]
    rows = [work_row(work, result) for result in work.results if result.summary]
    return table([*head, f"times as fast as {PANDAS}", "times the read floor"], rows)


def work_row(work: Work, result: Result) -> Cells:
    """The row of a contender. Raises ValueError if it did not finish."""
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
    """Whether a contender is a floor, which does only a part of the work."""
    return any(floor.name == name for floor in FLOORS)


def check_table(work: Work) -> str:
    """Row counts of each contender, with the difference from the number in the corpus."""
    finished = [result for result in work.results if result.counts and not result.failure]
    rows = [check_row(work, result) for result in finished]
    expected = ["**in the corpus**", *(f"{work.expected[name]:,}" for name in TABLES), "", ""]
    return table(["rows found", *TABLES, "topics covered", "changed titles"], [expected, *rows])


def check_row(work: Work, result: Result) -> Cells:
    """The row of a contender: each count, with its difference if there is one."""
    counts = [difference(result.counts[name], work.expected[name]) for name in TABLES]
    edited = "" if result.edited is None else difference(result.edited_found or 0, result.edited)
    return [result.name, *counts, f"{result.counts.get('coverage', 0):,}", edited]


def growth_table(works: Sequence[Work]) -> str:
    """Seconds and peak memory by number of files: a row per contender."""
    names = list(dict.fromkeys(result.name for work in works for result in work.results))
    rows = []
    for name in names:
        found = [work.summary(name) for work in works]
        peaks = [f"{each.peak_bytes / 2**20:,.0f} MiB" if each else "" for each in found]
        rows.append([name, *(seconds(each.seconds) if each else "" for each in found), peaks[0], peaks[-1]])
    head = ["seconds", *(f"{work.files:,} files" for work in works)]
    return table([*head, f"peak at {works[0].files:,}", f"peak at {works[-1].files:,}"], rows)


def difference(found: int, expected: int) -> str:
    """A count, followed by its difference from the expected one if it differs."""
    return f"{found:,}" if found == expected else f"{found:,} ({found - expected:+,})"


def seconds(value: float) -> str:
    """Seconds as text, with two decimals below 100 and none above."""
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def ratio(value: float) -> str:
    """A ratio as text, with two decimals below 10 and one above."""
    return f"{value:.2f}" if value < 10 else f"{value:,.1f}"
