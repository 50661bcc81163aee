"""The Jupyter copy of the notebook, and the page that shows a run of it: `python -m docs.notebook data/raw docs`.

`docs/notebooks/five_questions.py` is the one source. Marimo exports it to `five_questions.ipynb`, without outputs; a
run of that over the sample, from an empty kernel, is `five_questions.md`, with an SVG for each chart.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import nbformat
from nbclient import NotebookClient

from docs.sample import sample_folder

FOLDER: Final = Path(__file__).parent / "notebooks"
NAME: Final = "five_questions"
# The day after the last article of the sample, as in the cookbook.
AS_OF: Final = "2024-11-10"

_NOTE: Final = f"""
A run over the sample corpus, built on {AS_OF}. [Python](../python.md#notebooks) says how to open it over your own
snapshot. `make docs` writes this page from `docs/notebooks/{NAME}.py`, and a test compares it with a run.
"""


def export_ipynb(source: Path) -> str:
    """The Jupyter notebook that marimo exports from one of its own, without outputs: JSON."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "notebook.ipynb"
        command = [sys.executable, "-m", "marimo", "--quiet", "export", "ipynb", "--sort", "top-down"]
        subprocess.run([*command, "-o", target, source], check=True, capture_output=True, text=True)
        return target.read_text(encoding="utf-8")


def run_ipynb(notebook: str, folder: Path) -> Any:
    """Run a Jupyter notebook in a new kernel whose working folder is `folder` -> the notebook with its outputs.

    Raises nbclient.exceptions.CellExecutionError for a cell that fails.
    """
    loaded = nbformat.reads(notebook, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(loaded, kernel_name="python3", timeout=300, resources={"metadata": {"path": str(folder)}})
    with TemporaryDirectory() as private:  # files and sockets of the kernel, in place of the user's and of ports
        manager = client.create_kernel_manager()
        manager.connection_file = str(Path(private) / "kernel.json")
        manager.transport = "ipc"
        return client.execute(env=os.environ | {"IPYTHONDIR": private})


def page_files(executed: Any) -> dict[str, str]:
    """The files of the page of a run, by name: the Markdown, and an SVG for each chart."""
    charts: dict[str, str] = {}
    text = "\n".join(_blocks(executed, charts))
    title, _, rest = text.partition("\n")
    return {f"{NAME}.md": f"{title}\n{_NOTE}{rest}", **charts}


def write_page(source: Path, folder: Path) -> None:
    """Write the Jupyter copy, run it over a build of `source`, and write the page of the run into `folder`."""
    copy = export_ipynb(folder / f"{NAME}.py")
    (folder / f"{NAME}.ipynb").write_text(copy, encoding="utf-8")
    with sample_folder(source, AS_OF):
        files = page_files(run_ipynb(copy, Path.cwd()))
    for path in folder.glob("*.svg"):
        path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _blocks(executed: Any, charts: dict[str, str]) -> Iterator[str]:
    for cell in executed.cells:
        if cell.cell_type == "markdown":
            yield f"{cell.source}\n"
            continue
        yield f"```py\n{cell.source}\n```\n"
        for output in cell.outputs:
            yield from _shown(output.get("data", {}), charts)


def _shown(data: Mapping[str, str], charts: dict[str, str]) -> Iterator[str]:
    """The output of a cell in Markdown."""
    if "text/markdown" in data:
        yield f"{data['text/markdown'].strip()}\n"
    elif "image/svg+xml" in data:
        name = f"{NAME}_{len(charts) + 1}.svg"
        charts[name] = data["image/svg+xml"] + "\n"
        yield f"![The chart of the cell above]({name})\n"
    elif "<table" in data.get("text/html", ""):
        yield _table(data["text/html"])


class _Table(HTMLParser):
    """The cells of an HTML table, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        self._is_cell = tag in ("td", "th")
        if self._is_cell:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in ("td", "th"):
            self._is_cell = False

    def handle_data(self, data: str) -> None:
        """Add text to a cell."""
        if self._is_cell:
            self.rows[-1][-1] += data


def _table(html: str) -> str:
    """A data frame of Polars, as it shows itself in a notebook, as a Markdown table without the row of types."""
    head, _, *rows = _Table(html).rows
    lines = [head, ["---"] * len(head), *([_cell(text) for text in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    plain = "" if text == "null" else text.removeprefix('"').removesuffix('"')
    return plain.replace("|", "\\|")


if __name__ == "__main__":
    write_page(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve() / "notebooks")
