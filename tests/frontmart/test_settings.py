import datetime as dt
from pathlib import Path

import pytest

from frontmart.errors import UsageError
from frontmart.settings import Settings
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
