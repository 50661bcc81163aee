"""The sample corpus in a temporary folder, for pages and pictures that show output of Frontmart."""

import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from frontmart.cli.__main__ import app


@contextmanager
def sample_folder(sample: Path, as_of: str | None) -> Iterator[None]:
    """Work in a temporary folder where data/raw is the sample; it is built into data, unless `as_of` is None."""
    with TemporaryDirectory() as folder:
        if as_of:
            shutil.copytree(Path(_built(sample, as_of).name) / "data", Path(folder) / "data", symlinks=True)
        else:
            _add_sample(Path(folder), sample)
        with _working_in(folder):
            yield


@cache
def _built(sample: Path, as_of: str) -> TemporaryDirectory[str]:
    """A folder with the sample and a build of it, made once in a process and removed at its end: it is only copied."""
    folder = TemporaryDirectory()
    _add_sample(Path(folder.name), sample)
    with _working_in(folder.name):
        run("build", "--as-of", as_of, "--quiet")
    return folder


def _add_sample(folder: Path, sample: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "raw").symlink_to(sample.resolve())


@contextmanager
def _working_in(folder: str) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run(*arguments: str) -> str:
    """The output of a command that succeeds. Raises RuntimeError for another one."""
    done = CliRunner().invoke(app, arguments, prog_name="frontmart")
    if done.exit_code != 0:
        raise RuntimeError(f"frontmart {shlex.join(arguments)} exits with {done.exit_code}: {done.output}")
    return done.output
