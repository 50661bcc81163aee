"""Too little memory: an error message if the process can still print one; the last snapshot always stays."""

from frontmart.snapshots.store import published_id
from tests.reliability.workspace import Workspace, leftovers_in, problems_in
from tests.sample import build_quietly


def test_a_build_that_runs_out_of_address_space_leaves_the_last_snapshot(workspace: Workspace) -> None:
    before = published_id(workspace.out)
    done = workspace.build("--full", launcher=("prlimit", f"--as={500 * 2**20}"))
    assert done.returncode != 0
    assert published_id(workspace.out) == before
    assert problems_in(workspace.out) == []
    build_quietly(workspace.source, workspace.out, keep_snapshots=1)
    assert (problems_in(workspace.out), leftovers_in(workspace.out)) == ([], [])


def test_a_memory_limit_that_is_too_low_is_reported_with_the_setting_to_raise(workspace: Workspace) -> None:
    before = published_id(workspace.out)
    config = workspace.folder / "small.toml"
    config.write_text('memory_limit = "2MB"\n')
    done = workspace.build("--config", str(config))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("frontmart: ")
    assert done.stderr.endswith("Raise memory_limit.\n")
    assert done.stderr.count("\n") == 1
    assert (published_id(workspace.out), leftovers_in(workspace.out)) == (before, [])
