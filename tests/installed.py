"""Frontmart as users install it: the built wheel, in an environment of its own, outside of the repository."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.shared import shared_folder

ROOT = Path(__file__).parents[1]
# A project's own packages, with the names of Frontmart's folders. Importing one of them fails.
FOREIGN = ("flows", "transforms", "sql")


@dataclass(frozen=True)
class Installation:
    """The wheel, and the environment that it is installed in."""

    wheel: Path
    bin: Path

    @property
    def python(self) -> Path:
        return self.bin / "python"

    @property
    def files(self) -> set[str]:
        """The files of the wheel without its metadata."""
        with ZipFile(self.wheel) as archive:
            return {name for name in archive.namelist() if ".dist-info/" not in name}

    def metadata(self, name: str) -> str:
        with ZipFile(self.wheel) as archive:
            (found,) = [each for each in archive.namelist() if each.endswith(f".dist-info/{name}")]
            return archive.read(found).decode()

    def run(
        self, *command: str | Path, cwd: Path, code: int = 0, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment to its end, in a folder."""
        done = subprocess.run(
            [self.bin / command[0], *command[1:]], cwd=cwd, env=environment() | (env or {}),
            capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done


def environment() -> dict[str, str]:
    """The environment of a user who has set nothing."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FRONTMART_", "PREFECT_"))
    }


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel in a new environment; the libraries are those of this one, so nothing is downloaded."""
    folder = shared_folder(tmp_path_factory, "installation", _install)
    (wheel,) = folder.glob("*.whl")
    return Installation(wheel, folder / "venv" / "bin")


def _install(folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    _run(*pip, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    _run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    _run(*pip, "--python", folder / "venv", "install", "--no-deps", "--no-index", wheel)
    (site_packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    # Lines of such a file are added to sys.path, and files like it in those folders are not read: an editable
    # installation of Frontmart among these libraries is not found.
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (site_packages / "libraries.pth").write_text("\n".join(libraries) + "\n")


@pytest.fixture
def foreign_folder(tmp_path: Path) -> Path:
    """A project with folders of its own that are called as Frontmart's are."""
    return write_foreign_folder(tmp_path / "project")


def write_foreign_folder(folder: Path) -> Path:
    for name in FOREIGN:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(f"raise ImportError('the project\\'s own {name} was imported')\n")
    return folder


def write_many(folder: Path) -> None:
    """Thirty files that weigh enough to be parsed by several processes."""
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}.md").write_text(f"---\ntitle: Lane {number}\n---\n" + "word " * 200_000)


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
