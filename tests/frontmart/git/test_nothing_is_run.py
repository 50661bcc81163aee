"""A hostile repository: nothing that it configures is run, however it is read."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from frontmart.errors import FrontmartError
from frontmart.git.blobs import BlobReader
from frontmart.git.log import read_log
from frontmart.git.repository import Repository
from frontmart.git.source import CommitSource
from tests.repositories import commit_files, git_environment, make_repository, run_git

# What names a program; `{}` stands for one that leaves a trace.
PROGRAMS = {
    "core.fsmonitor": "{}",
    "core.pager": "{}",
    "pager.log": "{}",
    "core.editor": "{}",
    "core.sshCommand": "{}",
    "core.askPass": "{}",
    "core.gitProxy": "{}",
    "core.alternateRefsCommand": "{}",
    "core.attributesFile": "{attributes}",
    "credential.helper": "!{}",
    "diff.external": "{}",
    "diff.evil.command": "{}",
    "diff.evil.textconv": "{}",
    "diff.orderFile": "{fifo}",
    "filter.evil.smudge": "{}",
    "filter.evil.clean": "{}",
    "filter.evil.process": "{}",
    "filter.evil.required": "true",
    "gpg.program": "{}",
    "gpg.ssh.program": "{}",
    "interactive.diffFilter": "{}",
    "log.showSignature": "true",
    "log.follow": "true",
    "log.mailmap": "true",
    "merge.evil.driver": "{}",
    "trailer.evil.command": "{}",
    "uploadpack.packObjectsHook": "{}",
    "alias.log": "!{}",
    "alias.cat-file": "!{}",
    "alias.rev-parse": "!{}",
    "protocol.ext.allow": "always",
    "protocol.allow": "always",
    "protocol.file.allow": "always",
    "diff.renames": "copies",
    "log.showRoot": "false",
    "log.diffMerges": "combined",
    "diff.relative": "true",
    "color.ui": "always",
    "core.quotePath": "true",
    "core.abbrev": "7",
    "status.submoduleSummary": "true",
    "diff.submodule": "log",
    "log.date": "format:%n",
    "log.decorate": "full",
    "format.pretty": "fuller",
    "notes.displayRef": "*",
}
HOOKS = (
    "post-index-change",
    "reference-transaction",
    "fsmonitor-watchman",
    "post-checkout",
    "pre-auto-gc",
    "post-rewrite",
)
REMOTES = {
    "ext": {"url": "ext::{} %S"},
    "file": {"url": "file:///nowhere", "uploadpack": "{}"},
    "path": {"url": "{folder}", "uploadpack": "{}"},
    "ssh": {"url": "ssh://-oProxyCommand={}/x"},
    "vcs": {"url": "x", "vcs": "ext"},
}


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "trace"


@pytest.fixture
def program(tmp_path: Path, trace: Path) -> Path:
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$0 $@" >> {trace}\nexit 1\n', encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def hostile(tmp_path: Path, program: Path) -> Path:
    repository = make_repository(tmp_path / "hostile", 1, commits=20)
    attributes = b"* diff=evil filter=evil merge=evil\n"
    commit_files(repository, {".gitattributes": attributes, "signed.md": b"---\ntitle: Signed\n---\n"})
    _sign(repository)
    (repository / ".git" / "info" / "attributes").write_bytes(attributes)
    (tmp_path / "attributes").write_bytes(attributes)
    os.mkfifo(tmp_path / "fifo")
    for name, value in PROGRAMS.items():
        text = value.format(program, attributes=tmp_path / "attributes", fifo=tmp_path / "fifo")
        _configure(repository, name, text)
    for hook in HOOKS:
        shutil.copy(program, repository / ".git" / "hooks" / hook)
    return repository


def _sign(repository: Path) -> None:
    """Give the last commit a signature, so that showing it would run a program."""
    raw = run_git("cat-file", "commit", "HEAD", cwd=repository)
    head, _, message = raw.partition(b"\n\n")
    signature = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    signed = run_git("hash-object", "-t", "commit", "-w", "--stdin", cwd=repository,
                     input_=head + b"\n" + signature + b"\n\n" + message)  # fmt: skip
    run_git("update-ref", "refs/heads/main", signed.decode().strip(), cwd=repository)


def _configure(repository: Path, name: str, value: str) -> None:
    """Write the configuration without git, which would itself run some of it."""
    section, _, key = name.rpartition(".")
    first, _, second = section.partition(".")
    with (repository / ".git" / "config").open("a", encoding="utf-8") as file:
        name_of_section = f'{first} "{second}"' if second else first
        file.write(f'[{name_of_section}]\n\t{key} = "{value}"\n')


def read_everything(path: Path) -> int:
    repository = Repository.open(path, "main")
    log = read_log(repository)
    assert log is not None
    ids = log.writes["blob_id"].drop_nulls().unique().to_list()
    with BlobReader(repository) as reader:
        assert list(reader.read_all(ids, 2**20)) == [reader.read(each, 2**20) for each in ids]
    listing = CommitSource.open(path, "main").listing()
    assert log.similar.height
    return listing.height


def test_no_program_of_the_configuration_or_hook_is_run(hostile: Path, trace: Path, tmp_path: Path) -> None:
    assert read_everything(hostile)
    assert not trace.exists()


def test_the_configuration_does_not_change_the_log(hostile: Path, tmp_path: Path) -> None:
    configured = read_log(Repository.open(hostile, "main"))
    shutil.copy(make_repository(tmp_path / "plain", 1, commits=1) / ".git" / "config", hostile / ".git" / "config")
    plain = read_log(Repository.open(hostile, "main"))
    assert configured is not None
    assert plain is not None
    for one, other in zip((configured.steps, configured.writes, configured.similar),
                          (plain.steps, plain.writes, plain.similar), strict=True):  # fmt: skip
        assert one.equals(other)


def test_the_programs_would_run_without_what_frontmart_sets(hostile: Path, trace: Path) -> None:
    """Git as it is runs them: the tests above would notice."""
    words = ["git", "log", "-p", "--ext-diff", "-O/dev/null", "-1"]
    subprocess.run(words, cwd=hostile, env=git_environment(), check=False, timeout=60)
    assert trace.exists()


@pytest.mark.parametrize("kind", REMOTES)
def test_missing_objects_are_not_fetched_from_a_remote_that_is_a_program(
    hostile: Path, program: Path, trace: Path, kind: str
) -> None:
    _configure(hostile, "extensions.partialClone", "evil")
    _configure(hostile, "core.repositoryFormatVersion", "1")
    _configure(hostile, "remote.evil.promisor", "true")
    for key, value in REMOTES[kind].items():
        _configure(hostile, f"remote.evil.{key}", value.format(program, folder=hostile))
    blob = run_git("-c", "core.fsmonitor=false", "rev-parse", "HEAD:signed.md", cwd=hostile).decode().strip()
    trace.unlink(missing_ok=True)
    (hostile / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(FrontmartError, match="is a partial clone"):
        read_everything(hostile)
    with pytest.raises(FrontmartError, match="is a partial clone"):
        CommitSource.open(hostile, "main").listing()
    assert not trace.exists()
    if kind in ("ext", "path"):  # as git is, it runs the program
        words = ["git", "-C", str(hostile / ".git"), "cat-file", "-p", blob]
        subprocess.run(words, env=git_environment(), capture_output=True, check=False, timeout=60)
        assert trace.exists()
