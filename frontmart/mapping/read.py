"""Find the mapping file of a source, and read it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from frontmart.errors import UsageError
from frontmart.settings import Settings
from frontmart.toml_file import read_toml
from transforms.generic.rules import FieldRules

FILE_NAME: Final = "frontmart.toml"


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A mapping file.

    Attributes:
        path: the file.
        rules: the rules to read documents by.
        keys: the keys of the files that it names, each with its place in the file, such as `[fields] topics`.
        globs: its globs of documents, each with its place.
    """

    path: Path
    rules: FieldRules
    keys: tuple[tuple[str, str], ...]
    globs: tuple[tuple[str, str], ...]


def read_mapping(settings: Settings) -> MappingFile | None:
    """The mapping file that the settings name, else frontmart.toml in the source or beside it; None without one.

    Raises:
        UsageError: naming the file, the place in it and the remedy, for a file that is missing or not as the grammar
            has it, and for a mapping file of a source whose preset is set to smartable.
    """
    path = settings.mapping or _find(settings.source)
    if path is None:
        return None
    values = read_toml(path, "mapping file", "--mapping", "remove what it does not need")
    if _is_settings_file(values):
        if settings.mapping is None:
            return None
        raise UsageError(f"{path}: this is a file of settings, not a mapping file; give it with --config")
    if settings.preset == "smartable":
        raise UsageError(
            f"{path}: a mapping file needs the preset generic, but the setting preset is smartable; "
            "set it to generic or auto, or remove the file"
        )
    from frontmart.mapping.rules import mapping_rules  # its models take long to create, and most sources have no file

    rules, keys, globs = mapping_rules(path, values)
    return MappingFile(path, rules, keys, globs)


def _find(source: Path) -> Path | None:
    places = (source / FILE_NAME, source.absolute().parent / FILE_NAME)
    return next((place for place in places if place.is_file()), None)


def _is_settings_file(values: dict[str, Any]) -> bool:
    """Whether a file has only settings: one may have the same name, and be beside the source, too."""
    return bool(values) and values.keys() <= Settings.model_fields.keys()
