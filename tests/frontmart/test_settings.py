import datetime as dt
import inspect
import re
from pathlib import Path
from typing import get_args

import pytest

from flows.scheduled import backfill as backfill_flow
from flows.scheduled import build as build_flow
from flows.scheduled import export as export_flow
from flows.scheduled import prune as prune_flow
from flows.scheduled import verify as verify_flow
from frontmart.cli.build import build
from frontmart.cli.snapshots import prune
from frontmart.errors import UsageError
from frontmart.settings import Settings, name_of_folder
from transforms.parse.limits import DEFAULT_LIMITS, Limits


def test_the_command_line_beats_the_environment_beats_the_file_beats_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "frontmart.toml"
    config.write_text('out = "from-file"\nworkers = 3\nkeep_snapshots = 9\n')
    monkeypatch.setenv("FRONTMART_WORKERS", "4")
    monkeypatch.setenv("FRONTMART_OUT", "from-environment")
    settings = Settings.load(config, out=Path("from-command-line"), workers=None)
    assert (settings.out, settings.workers, settings.keep_snapshots) == (Path("from-command-line"), 4, 9)
    assert settings.source == Path("data/raw")


def test_a_setting_that_is_not_given_is_that_of_its_variable_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("frontmart_Drift_Count", "7")
    monkeypatch.setenv("FRONTMART_WORKERS", "2")
    monkeypatch.setenv("FRONTMART_NO_SETTING", "x")
    settings = Settings(workers=3)
    assert (settings.drift_count, settings.workers) == (7, 3)
    assert Settings.model_validate(settings) is settings
    monkeypatch.setenv("FRONTMART_WORKERS", "")
    with pytest.raises(UsageError, match=r"^setting workers: input should be a valid integer"):
        Settings.load()


def test_as_of_is_today_in_utc_unless_it_is_given() -> None:
    assert Settings.load(as_of=dt.date(2026, 1, 31)).resolved_as_of() == dt.date(2026, 1, 31)
    before = dt.datetime.now(dt.UTC).date()
    assert before <= Settings.load().resolved_as_of() <= dt.datetime.now(dt.UTC).date()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("workers = 0", r"workers: .*greater than or equal to 1.*it is 0"),
        ("werkers = 2", r"werkers: .*not permitted"),
        ('memory_limit = "lots"', r"memory_limit"),
        ('max_file_size = "lots"', r"max_file_size"),
        ("max_depth = 201", r"max_depth: .*less than or equal to 200"),
        ("max_items = 0", r"max_items: .*greater than or equal to 1"),
        ("workers = ", r"frontmart\.toml: .*correct the file"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_correct(tmp_path: Path, text: str, message: str) -> None:
    config = tmp_path / "frontmart.toml"
    config.write_text(text)
    with pytest.raises(UsageError, match=message):
        Settings.load(config)


def test_limits_are_settings_whose_defaults_are_those_of_the_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings.load().limits == Limits() == DEFAULT_LIMITS
    config = tmp_path / "frontmart.toml"
    config.write_text('max_file_size = "1GB"\nmax_front_matter_size = 5\nmax_depth = 7\nmax_values = 8\n')
    monkeypatch.setenv("FRONTMART_MAX_ITEMS", "9")
    assert Settings.load(config).limits == Limits(10**9, 5, 7, 8, 9)


def test_a_settings_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such settings file"):
        Settings.load(tmp_path / "nosuch.toml")


def test_the_old_name_of_checksum_works_in_the_environment_and_the_file_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "frontmart.toml"
    config.write_text("verify = true\n")
    warnings: list[str] = []
    assert Settings.load(config, warn=warnings.append).checksum
    monkeypatch.setenv("frontmart_verify", "0")
    assert not Settings.load(config, warn=warnings.append).checksum
    assert warnings == [
        f"{config}: `verify` is now called `checksum`; the old name will be removed in 0.3",
        "FRONTMART_VERIFY is now called FRONTMART_CHECKSUM; the old name will be removed in 0.3",
        f"{config}: `verify` is now called `checksum`; the old name will be removed in 0.3",
    ]


def test_the_new_name_wins_over_the_old_one_of_the_same_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "frontmart.toml"
    config.write_text("verify = true\nchecksum = false\n")
    assert not Settings.load(config, warn=[].append).checksum
    monkeypatch.setenv("FRONTMART_VERIFY", "false")
    monkeypatch.setenv("FRONTMART_CHECKSUM", "true")
    assert Settings.load(config, warn=[].append).checksum


def test_without_a_function_to_call_an_old_name_is_a_warning_of_python_at_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "frontmart.toml"
    config.write_text("verify = false\n")
    monkeypatch.setenv("FRONTMART_VERIFY", "true")
    with pytest.warns(FutureWarning, match="is now called") as warnings:
        assert Settings.load(config).checksum
    assert [warning.filename for warning in warnings] == [__file__] * 2


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/corpora/power-apps", "power-apps"),
        ("/sites/cycling/content/posts", "cycling"),
        ("/sites/cycling/_posts", "cycling"),
        ("/data/raw", "raw"),
        ("/", "/"),
    ],
)
def test_a_corpus_is_called_by_the_folder_that_tells_it_from_others(folder: str, name: str) -> None:
    assert name_of_folder(Path(folder)) == name
    assert Settings(source=Path(folder)).corpus_name() == name
    assert Settings(source=Path(folder), name="Cycling").corpus_name() == "Cycling"


def help_of(parameter: inspect.Parameter) -> str:
    """The help text of an option, without the default and the variable that follow it in brackets."""
    (option,) = (each for each in get_args(parameter.annotation) if hasattr(each, "help"))
    return re.sub(r"  \[.*\]$", "", option.help)


def test_options_are_described_as_the_settings_of_the_same_name() -> None:
    parameters = inspect.signature(build).parameters
    shared = Settings.model_fields.keys() & parameters.keys()
    names = "source out name as_of preset mapping organisations full checksum ignore_inode workers repair search"
    assert shared == {*names.split(), "max_rejects", "max_loss", "history"}
    described = {name: Settings.model_fields[name].description for name in shared}
    assert {name: help_of(parameters[name]) for name in shared} == described
    keep, setting = inspect.signature(prune).parameters["keep"], Settings.model_fields["keep_snapshots"]
    assert (help_of(keep), keep.default) == (setting.description, setting.default)


@pytest.mark.parametrize("flow", [build_flow, backfill_flow, export_flow, prune_flow, verify_flow])
def test_parameters_of_flows_are_described_as_the_settings_of_the_same_name(flow: object) -> None:
    properties = flow.parameters.properties  # type: ignore[attr-defined]
    # `checksum` of an export is about the files at its target.
    shared = Settings.model_fields.keys() & properties.keys() - ({"checksum"} if flow is export_flow else set())
    assert "out" in shared
    described = {name: Settings.model_fields[name].description for name in shared}
    assert {name: properties[name]["description"] for name in shared} == described


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_by_a_sentence_that_says_what_no_value_means(name: str) -> None:
    field = Settings.model_fields[name]
    assert re.fullmatch(r"[A-Z][^\n]+\.", field.description or "")
    assert (field.default is None) == ("(default: " in (field.description or ""))
