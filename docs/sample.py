"""The sample corpus in a temporary folder, for pages and pictures that show output of Frontmart."""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from frontmart.cli.__main__ import app


@contextmanager
def sample_folder(sample: Path, as_of: str | None) -> Iterator[None]:
    """Work in a temporary folder where data/raw is the sample; it is built into data, unless `as_of` is None."""
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        (Path(folder) / "data").mkdir()
        (Path(folder) / "data" / "raw").symlink_to(sample.resolve())
        os.chdir(folder)
        try:
            if as_of:
                run("build", "--as-of", as_of, "--quiet")
            yield
        finally:
            os.chdir(before)


def run(*arguments: str) -> str:
    """The output of a command that succeeds. Raises RuntimeError for another one."""
    done = CliRunner().invoke(app, arguments, prog_name="frontmart")
    if done.exit_code != 0:
        raise RuntimeError(f"frontmart {shlex.join(arguments)} exits with {done.exit_code}: {done.output}")
    return done.output
