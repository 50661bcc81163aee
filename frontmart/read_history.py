"""Read the history of a Git repository into an output folder, and publish its last commit: `frontmart history`."""

from pathlib import Path

from frontmart.git.repository import Repository
from frontmart.history.commits import CommitHistory
from frontmart.pipeline import build
from frontmart.run import Run
from frontmart.runners import Runner
from frontmart.settings import Settings


def read_history(
    settings: Settings,
    runner: Runner,
    repository: Path,
    path: str = "",
    branch: str | None = None,
    *,
    allow_loss: bool = False,
    allow_empty: bool = False,
) -> Run:
    """Read the commits of a repository that are not in the history of the output folder yet, and publish the last one.

    Args:
        settings: of the build; `source` is replaced.
        runner: runs the steps.
        repository: a folder of its worktree, or a bare repository.
        path: the folder of it to read, relative to `repository`; empty for all of it.
        branch: the branch, a tag or a commit; None for what is checked out.
        allow_loss: as for `pipeline.build`.
        allow_empty: as for `pipeline.build`.

    Raises:
        UsageError: if the output folder has the history of builds.
        SourceUnavailableError: if the repository is missing, shallow or lacks objects.
        FrontmartError: as `pipeline.build` does; the last published snapshot is unchanged.
    """
    commits = CommitHistory(Repository.open(repository, branch, path))
    of_repository = settings.model_copy(update={"source": repository})
    return build(of_repository, runner, allow_loss=allow_loss, allow_empty=allow_empty, commits=commits)
