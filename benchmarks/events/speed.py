"""Time and memory of finding events, beside a first build of the same corpus.

Processor time is compared, so that other work on the machine matters less; the build is that of the working tree, with
whatever it does about events itself.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

import frontmart
from benchmarks.corpus import write_corpus
from benchmarks.events.corpus import published_news
from transforms.events.group import group_events


def processor_seconds() -> float:
    """Processor time of this process and of those it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main() -> None:
    """Generate a corpus, build it, find the events of its news, and print what both took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "source"), Path(folder, "out")
        write_corpus(source, parser.parse_args().files, seed=1)
        before, began = processor_seconds(), time.perf_counter()
        frontmart.build(source, out)
        build, build_wall = processor_seconds() - before, time.perf_counter() - began
        articles, links = published_news(out)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before, began = processor_seconds(), time.perf_counter()
    events = group_events(articles, links)
    own, own_wall = processor_seconds() - before, time.perf_counter() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    print(  # noqa: T201
        f"{articles.height:,} articles, {links.height:,} links, {events['event_id'].n_unique():,} events\n"
        f"build:  {build:.2f} s of processor time, {build_wall:.2f} s\n"
        f"events: {own:.2f} s of processor time, {own_wall:.2f} s, {grown / 1024:.0f} MiB more than the build\n"
        f"ratio:  {own / build:.1%} of processor time"
    )


if __name__ == "__main__":
    main()
