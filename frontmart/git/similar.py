"""Files that a commit removed and added, and that git finds similar."""

from collections.abc import Iterator, Sequence
from threading import Thread
from typing import IO, Final

from frontmart.git.repository import Repository

# Git compares each file that went with each that came, unless there are more pairs than the square of this number.
_MOST_FILES: Final = 400
_ARGUMENTS: Final = (
    "diff-tree", "--stdin", "-r", "-z", "--raw", "--find-renames=50%", "--diff-filter=R", f"-l{_MOST_FILES}",
    "--no-abbrev", "-O/dev/null", "--no-ext-diff", "--no-textconv", "--no-relative",
)  # fmt: skip


def find_similar(
    repository: Repository, commits: Sequence[tuple[int, str, str]]
) -> Iterator[tuple[int, bytes, bytes, float]]:
    """Compare the files that went with those that came, in each commit, one to one.

    Args:
        repository: the repository.
        commits: a step, its commit and the commit before.

    Yields:
        The step, the old path, the new path, and their similarity, from 0.5 to 1.
    """
    if not commits:
        return
    steps = {commit: step for step, commit, _ in commits}
    # The folder alone: patterns of extensions would take git several times as long.
    inside = ("--", f":(top,literal){repository.subfolder}") if repository.subfolder else ()
    with repository.started(*_ARGUMENTS, *inside, has_input=True) as git:
        lines = "".join(f"{commit} {before}\n" for _, commit, before in commits).encode()
        writer = Thread(target=_write, args=(git.input, lines), name="commits", daemon=True)
        writer.start()
        step = -1
        tokens = git.tokens()
        for token in tokens:
            if token.startswith(b":"):
                status = token.rpartition(b" ")[2]
                yield step, next(tokens), next(tokens), int(status[1:]) / 100
            else:
                step = steps.get(token.decode(), step)


def _write(pipe: IO[bytes], lines: bytes) -> None:
    try:
        pipe.write(lines)
        pipe.close()
    except (BrokenPipeError, ValueError):  # git has ended; who reads its output says why
        pass
