"""What a build is told: from the command line, else FRONTMART_* variables, else a TOML file, else the defaults."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from flows.errors import UsageError


def _byte_size(text: str) -> str:
    from pydantic import ByteSize, TypeAdapter

    TypeAdapter(ByteSize).validate_python(text)
    return text


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
    drift_share: float = Field(
        0.2, gt=0, le=1, description="By what share a count must change since the last snapshot, for a warning."
    )
    drift_count: int = Field(10, ge=1, description="How many documents such a change must concern, for a warning.")
    keep_snapshots: int = Field(5, ge=1, description="How many snapshots stay, for a rollback.")

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

    def resolved_as_of(self) -> dt.date:
        """The day that recent periods end on."""
        return self.as_of or dt.datetime.now(dt.UTC).date()


def _explain(error: ValidationError, config: Path | None) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    place = f" (on the command line, in FRONTMART_{name.upper()}{f' or in {config}' if config else ''})"
    return f"setting {name}: {first['msg'].lower()}, but it is {first['input']!r}; correct it{place}"
