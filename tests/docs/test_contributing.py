"""CONTRIBUTING.md: the files that it says to touch are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FOLDERS = tuple(f"{path.name}/" for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("."))
FILES = (".py", ".md", ".toml", ".lock", ".sql", ".jinja", ".js")
CHANGES = 10


def named_paths(text: str) -> list[str]:
    """Paths below the root in backticks; parts in angle brackets are placeholders."""
    words = [word for word in re.findall(r"`([^`\s]+)`", text) if word.startswith(FOLDERS) or word.endswith(FILES)]
    return [word for word in words if "/" in word or (ROOT / word).suffix in (".toml", ".lock", ".md")]


@pytest.mark.parametrize("path", sorted(set(named_paths(TEXT))))
def test_a_path_that_is_named_exists(path: str) -> None:
    folder, has_blank, _ = path.partition("<")
    found = (ROOT / folder).parent if has_blank and not folder.endswith("/") else ROOT / folder
    assert found.exists()


def test_a_path_that_does_not_exist_is_found() -> None:
    assert named_paths("see `sql/nowhere/x.sql`, `gone.lock` and `run()`") == ["sql/nowhere/x.sql", "gone.lock"]


def test_there_are_ten_changes_and_each_names_files() -> None:
    _, _, changes = TEXT.partition("## The ten most common changes")
    changes, _, _ = changes.partition("\n## ")
    sections = re.split(r"^### ", changes, flags=re.MULTILINE)[1:]
    assert len(sections) == CHANGES
    assert [section.splitlines()[0] for section in sections if not named_paths(section)] == []


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake (\w+)", TEXT))))
def test_a_target_that_is_named_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("folder", ["frontmart", "transforms"])
def test_every_package_and_module_is_on_the_page_of_the_layout(folder: str) -> None:
    page = (ROOT / "docs" / "layout.md").read_text(encoding="utf-8")
    children = [path for path in (ROOT / folder).iterdir() if not path.name.startswith(("_", "."))]
    names = [f"{folder}/{path.name}/" for path in children if (path / "__init__.py").exists()]
    names += [path.name for path in children if path.suffix == ".py"]
    assert names
    assert [name for name in names if not re.search(rf"`(?:{folder}/)?{re.escape(name)}`", page)] == []
