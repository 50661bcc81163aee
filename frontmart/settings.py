"""Settings of a build: from options, else FRONTMART_* variables, else a TOML file, else defaults."""

import datetime as dt
import os
import tomllib
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from frontmart.allowance import Allowance
from frontmart.errors import UsageError
from transforms.parse.limits import DEFAULT_LIMITS, Limits
from transforms.redact.credentials import redact_url

ENV_PREFIX: Final = "FRONTMART_"
# Old names of settings by new name. They work until 0.3, each with a warning.
OLD_NAMES: Final = {"checksum": "verify"}

Warn = Callable[[str], None]


def renaming(old: str, new: str) -> str:
    """Return the warning for an option, variable, key or parameter that is used under its old name."""
    return f"{old} is now called {new}; the old name will be removed in 0.3"


def _warn(message: str) -> None:
    warnings.warn(message, FutureWarning, stacklevel=4)


def _byte_size(text: str) -> str:
    """Check that a text is a size, such as 2GB, and return it unchanged, for DuckDB."""
    TypeAdapter(ByteSize).validate_python(text)
    return text


def _parse_allowance(forms: str) -> BeforeValidator:
    """A validator that parses an Allowance; `none` is no limit. Its message shows the valid forms."""

    def parse(value: object) -> object:
        if value is None or isinstance(value, Allowance):
            return value
        text = str(value)
        try:
            return None if text.strip().lower() == "none" else Allowance.parse(text)
        except ValueError:
            raise PydanticCustomError("allowance", "must be {forms}", {"forms": forms}) from None

    return BeforeValidator(parse)


_REJECTS: Final = "a number of files, such as 10, or a percentage of the files seen, such as 0.5%"
_LOSS: Final = "a number of documents, such as 10, a percentage of those published, such as 50%, or none"


# Names of folders that say what is in them, not whose it is.
_COMMON_FOLDERS: Final = frozenset(
    ("article", "articles", "blog", "content", "contents", "data", "docs", "news", "pages", "post", "posts", "raw")
) | {"site", "source", "src"}


def name_of_folder(source: Path) -> str:
    """The name of the corpus in a folder: the last part of its path that tells it from others.

    `project/data/raw` and `project/_posts` are `project`; without such a part the name is that of the folder.
    """
    parts = source.absolute().parts[1:] or (str(source),)
    telling = [part for part in parts if part.strip("_.").lower() not in _COMMON_FOLDERS]
    return telling[-1] if telling else parts[-1]


class Settings(BaseModel):
    """Settings of a build; one that is not given is that of its FRONTMART_* variable, if there is one.

    The descriptions are the reference of the settings and the help texts of the options: a test compares them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Path = Field(Path("data/raw"), description="Folder of front-matter files.")
    out: Path = Field(Path("data"), description="Output folder, with snapshots/ and the published link.")
    name: str | None = Field(
        None, min_length=1, max_length=120, description="Name of the corpus in its report (default: from its folder)."
    )
    as_of: dt.date | None = Field(
        None,
        ge=dt.date(1990, 1, 1),
        le=dt.date(2100, 12, 31),
        description="Day that the marts describe and windows end on, in UTC "
        "(default: today, and the last day with news).",
    )
    preset: Literal["auto", "smartable", "generic"] = Field(
        "auto", description="Preset that names the keys: smartable, generic, or auto for the one that the files fit."
    )
    mapping: Path | None = Field(
        None, description="Mapping file of keys and columns (default: frontmart.toml in the source or beside it)."
    )
    organisations: Path | None = Field(
        None, description="Reviewed file of aliases of organisations and topics (default: none)."
    )
    full: bool = Field(False, description="Read every file again, changed or not.")
    checksum: bool = Field(False, description="Detect changed files by content, not by size, times and inode.")
    ignore_inode: bool = Field(
        False, description="Detect changed files without inode and ctime, where a file system keeps neither."
    )
    workers: int | None = Field(None, ge=1, le=256, description="Parser processes (default: one per core).")
    memory_limit: Annotated[str, AfterValidator(_byte_size)] = Field(
        "1GB", description="Memory that DuckDB may use, with a unit such as MB or GB."
    )
    lineage: str | None = Field(
        None, description="URL of an OpenLineage server, or file to append the events to (default: no events)."
    )
    repair: bool = Field(
        False, description="Parse values that lack the quotes of YAML as if quoted, and mark their documents."
    )
    max_rejects: Annotated[Allowance | None, _parse_allowance(_REJECTS)] = Field(
        None, description="Maximum number or percentage of rejected files to publish with (default: no limit)."
    )
    max_loss: Annotated[Allowance | None, _parse_allowance(_LOSS)] = Field(
        Allowance.parse("50%"),
        description="Largest fall of the number of documents to publish, as a number, a percentage or none.",
    )
    drift_share: float = Field(
        0.2, gt=0, le=1, description="Smallest relative change of a count (0 to 1) that causes a drift warning."
    )
    drift_count: int = Field(10, ge=1, description="Smallest change, in documents, that causes a drift warning.")
    search: bool = Field(False, description="Index the articles, so that the macro search ranks what it finds.")
    history: bool = Field(True, description="Keep what changed since the build before, and the versions that are over.")
    report: bool = Field(False, description="Write report.html into every published snapshot.")
    keep_snapshots: int = Field(5, ge=1, description="Number of snapshots to keep for a rollback.")
    max_file_size: ByteSize = Field(
        ByteSize(DEFAULT_LIMITS.file_bytes),
        ge=1,
        description="Largest file to read, in bytes or with a unit; a larger one is a reject.",
    )
    max_front_matter_size: ByteSize = Field(
        ByteSize(DEFAULT_LIMITS.front_matter_bytes),
        ge=1,
        description="Longest front matter to parse, aliases expanded, in bytes or with a unit; more is a reject.",
    )
    max_depth: int = Field(
        DEFAULT_LIMITS.depth,
        ge=1,
        le=200,
        description="Deepest nesting of front matter to parse, in levels; a deeper one is a reject.",
    )
    max_values: int = Field(
        DEFAULT_LIMITS.values,
        ge=1,
        description="Maximum number of values in front matter, aliases expanded; a file with more is a reject.",
    )
    max_items: int = Field(
        DEFAULT_LIMITS.items,
        ge=1,
        description="Maximum number of list items that become rows; the rest go to field_issues.",
    )

    @classmethod
    def load(cls, config: Path | None = None, *, warn: Warn = _warn, **given: object) -> "Settings":
        """Settings from options, variables, a TOML file and defaults, in this order of precedence.

        Args:
            config: a TOML file of settings.
            warn: called with a message for each old name in the variables or the file.
            given: the options; None for one that was not given.

        Raises:
            UsageError: naming the setting, for a value or a name that is not valid.
        """
        variables = _old_variables(warn)
        file = _with_new_names(_read_toml(config), config, warn) if config else {}

        given = {name: value for name, value in given.items() if value is not None}
        try:
            return cls(**{**file, **variables, **_variables(cls.model_fields), **given})
        except ValidationError as error:
            raise UsageError(_explain(error, config)) from None

    @model_validator(mode="before")
    @classmethod
    def _add_variables(cls, given: Any) -> Any:
        return {**_variables(cls.model_fields), **given} if isinstance(given, dict) else given

    @property
    def limits(self) -> Limits:
        """The limits of a single file."""
        return Limits(
            file_bytes=int(self.max_file_size),
            front_matter_bytes=int(self.max_front_matter_size),
            depth=self.max_depth,
            values=self.max_values,
            items=self.max_items,
        )

    def corpus_name(self) -> str:
        """The name of the corpus: the given one, or that of its folder."""
        return self.name or name_of_folder(self.source)

    def resolved_as_of(self) -> dt.date:
        """The day that the marts describe: the given one, or today (UTC)."""
        return self.as_of or dt.datetime.now(dt.UTC).date()


def _variables(names: Iterable[str]) -> dict[str, str]:
    """The values of these settings in environment variables, whose case does not matter."""
    environment = {name.upper(): value for name, value in os.environ.items()}
    variables = {name: f"{ENV_PREFIX}{name.upper()}" for name in names}
    return {name: environment[variable] for name, variable in variables.items() if variable in environment}


def _old_variables(warn: Warn) -> dict[str, Any]:
    """Settings from environment variables under old names."""
    found = _variables(OLD_NAMES.values())
    values = {}
    for name, old_name in OLD_NAMES.items():
        if old_name in found:
            warn(renaming(*(f"{ENV_PREFIX}{each.upper()}" for each in (old_name, name))))
            values[name] = found[old_name]
    return values


def _read_toml(config: Path) -> dict[str, Any]:
    if not config.is_file():
        raise UsageError(f"{config}: there is no such settings file; give another with --config")
    try:
        return tomllib.loads(config.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{config}: {error}; correct the file") from None


def _with_new_names(values: Mapping[str, Any], config: Path, warn: Warn) -> dict[str, Any]:
    renamed = dict(values)
    for name, old_name in OLD_NAMES.items():
        if old_name in renamed:
            warn(f"{config}: {renaming(f'`{old_name}`', f'`{name}`')}")
            renamed.setdefault(name, renamed.pop(old_name))
    return renamed


def _explain(error: ValidationError, config: Path | None) -> str:
    first = error.errors()[0]
    given = first["input"]
    # The value of a mistyped setting may be a URL with credentials.
    shown = redact_url(given) if isinstance(given, str) else given
    name = ".".join(str(part) for part in first["loc"])
    place = f" (on the command line, in {ENV_PREFIX}{name.upper()}{f' or in {config}' if config else ''})"
    return f"setting {name}: {first['msg'].lower()}, but it is {shown!r}; correct it{place}"
