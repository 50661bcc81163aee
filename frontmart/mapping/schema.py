"""The JSON Schema of mapping files, with which editors complete and check them."""

from typing import Any

from frontmart.mapping.model import MappingModel


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema, draft 2020-12."""
    schema: dict[str, Any] = _for_toml(MappingModel.model_json_schema())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Mapping file of Frontmart",
    }


def _for_toml(value: Any) -> Any:
    """A part of the schema without null, which TOML does not have, defaults, and titles, which repeat names."""
    if isinstance(value, list):
        return [_for_toml(each) for each in value if each != {"type": "null"}]
    if not isinstance(value, dict):
        return value
    kept = {
        key: _for_toml(each)
        for key, each in value.items()
        if key != "default" and not (key == "title" and isinstance(each, str))
    }
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    if len(kept.get("anyOf", ())) == 1:
        kept |= kept.pop("anyOf")[0]
    return kept
