"""The registry of file formats: each line names a module that has the functions which the commands call."""

import subprocess
import sys

import pytest

from frontmart.formats import EXPORT_FORMATS, FORMATS, QUERY_FORMATS, FileFormat, Form


@pytest.mark.parametrize("file_format", FORMATS.values(), ids=FORMATS.keys())
def test_each_format_has_a_writer_for_each_form_that_a_command_uses(file_format: FileFormat) -> None:
    forms = {form for form in (file_format.query, file_format.export) if form}
    assert forms
    for form in Form:
        if form in forms:
            assert callable(file_format.writer(form))
        else:
            with pytest.raises(AttributeError):
                file_format.writer(form)


def test_no_two_formats_share_a_suffix() -> None:
    suffixes = [suffix for file_format in FORMATS.values() for suffix in file_format.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix.startswith(".") for suffix in suffixes)


def test_every_format_belongs_to_a_command() -> None:
    assert {*QUERY_FORMATS, *EXPORT_FORMATS} == set(FORMATS)


def test_to_list_the_formats_imports_no_library() -> None:
    script = "import sys; import frontmart.formats; print([name for name in sys.modules if name in sys.argv])"
    libraries = ["polars", "pyarrow", "duckdb", "xlsxwriter", "rich"]
    done = subprocess.run([sys.executable, "-c", script, *libraries], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
