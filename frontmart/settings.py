"""What a build is told: from the command line, else FRONTMART_* variables, else a TOML file, else the defaults."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ByteSize, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from frontmart.errors import UsageError
from frontmart.reject_limit import RejectLimit
from transforms.parse.limits import DEFAULT_LIMITS, Limits
from transforms.redact.credentials import redact_url


def _byte_size(text: str) -> str:
    from pydantic import TypeAdapter

    TypeAdapter(ByteSize).validate_python(text)
    return text


def _reject_limit(value: object) -> object:
    if value is None or isinstance(value, RejectLimit):
        return value
    try:
        return RejectLimit.parse(str(value))
    except ValueError as error:
        raise PydanticCustomError("max_rejects", "{problem}", {"problem": str(error)}) from None


class Settings(BaseSettings):
    """Settings of a build. Sizes in bytes or with a unit (2GB); dates in UTC."""

    model_config = SettingsConfigDict(env_prefix="FRONTMART_", extra="forbid", frozen=True)

    source: Path = Field(Path("data/raw"), description="The folder of front-matter files.")
    out: Path = Field(Path("data"), description="The folder that holds snapshots/ and the published link.")
    as_of: dt.date | None = Field(
        None,
        ge=dt.date(1990, 1, 1),
        le=dt.date(2100, 12, 31),
        description="The day that recent periods end on; today (UTC) where not given.",
    )
    full: bool = Field(False, description="Whether to read every file again, whatever was built before.")
    verify: bool = Field(False, description="Whether to compare every file by its content, not by size and time.")
    workers: int | None = Field(None, ge=1, le=256, description="Processes that parse; one a core where not given.")
    memory_limit: Annotated[str, AfterValidator(_byte_size)] = Field("1GB", description="What DuckDB may use.")
    lineage: str | None = Field(
        None, description="Where OpenLineage events go: the URL of a server, or a file to append to; nowhere if none."
    )
    repair: bool = Field(False, description="Whether a value that is no YAML without quotes is read as if in quotes.")
    max_rejects: Annotated[RejectLimit | None, BeforeValidator(_reject_limit)] = Field(
        None, description="How many rejects are published at most: files (10), or percent of those seen (0.5%)."
    )
    drift_share: float = Field(
        0.2, gt=0, le=1, description="By what share a count must change since the last snapshot, for a warning."
    )
    drift_count: int = Field(10, ge=1, description="How many documents such a change must concern, for a warning.")
    report: bool = Field(False, description="Whether a build writes report.html into the snapshot that it publishes.")
    keep_snapshots: int = Field(5, ge=1, description="How many snapshots stay, for a rollback.")
    max_file_size: ByteSize = Field(
        ByteSize(DEFAULT_LIMITS.file_bytes), ge=1, description="A larger file is refused, and read no further."
    )
    max_front_matter_size: ByteSize = Field(
        ByteSize(DEFAULT_LIMITS.front_matter_bytes),
        ge=1,
        description="A file with longer front matter, aliases written out, is refused.",
    )
    max_depth: int = Field(
        DEFAULT_LIMITS.depth, ge=1, le=200, description="A file whose front matter nests deeper is refused."
    )
    max_values: int = Field(
        DEFAULT_LIMITS.values,
        ge=1,
        description="A file whose front matter has more values, aliases written out, is refused.",
    )
    max_items: int = Field(
        DEFAULT_LIMITS.items, ge=1, description="Items of a list that become rows; others are told in field_issues."
    )

    @classmethod
    def load(cls, config: Path | None = None, **given: object) -> "Settings":
        """Settings with `given` (those that are not None) above all else. Raises UsageError, naming the setting."""

        class FromFile(cls):  # type: ignore[valid-type, misc]
            @classmethod
            def settings_customise_sources(
                cls, settings_cls: type[BaseSettings], *args: Any, **sources: PydanticBaseSettingsSource
            ) -> tuple[PydanticBaseSettingsSource, ...]:
                toml = (TomlConfigSettingsSource(settings_cls, config),) if config else ()
                return sources["init_settings"], sources["env_settings"], *toml

        if config is not None and not config.is_file():
            raise UsageError(f"{config}: there is no such settings file; give another with --config")
        try:
            loaded: Settings = FromFile(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            raise UsageError(_explain(error, config)) from None
        except ValueError as error:  # TOML that does not parse
            raise UsageError(f"{config}: {error}; correct the file") from None
        return loaded

    @property
    def limits(self) -> Limits:
        """What one file may ask of the build."""
        return Limits(
            file_bytes=int(self.max_file_size),
            front_matter_bytes=int(self.max_front_matter_size),
            depth=self.max_depth,
            values=self.max_values,
            items=self.max_items,
        )

    def resolved_as_of(self) -> dt.date:
        """The day that recent periods end on."""
        return self.as_of or dt.datetime.now(dt.UTC).date()


def _explain(error: ValidationError, config: Path | None) -> str:

    first = error.errors()[0]
    given = first["input"]
    # What is refused may be a URL under a name that was mistyped.
    shown = redact_url(given) if isinstance(given, str) else given
    name = ".".join(str(part) for part in first["loc"])
    place = f" (on the command line, in FRONTMART_{name.upper()}{f' or in {config}' if config else ''})"
    return f"setting {name}: {first['msg'].lower()}, but it is {shown!r}; correct it{place}"
