"""Replace an object only if it is still as it was read.

S3, Azure and Google Cloud Storage compare and replace in one request, if the object's tag or generation is sent along.
fsspec has no common parameter for that, so that each of its packages is asked in its own way. All other stores are read
again just before the object is written, which leaves the moment between these two requests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

# Codes of S3 for an object that another writer has replaced, is replacing or has removed.
_S3_CONFLICTS: Final = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")
_S3_UNSUPPORTED: Final = "NotImplemented"


class ReplacedError(Exception):
    """The object was replaced after it was read."""


@dataclass(frozen=True, slots=True)
class Version:
    """An object as it was read: its content, and the store's name for this version; both None without an object.

    The name is also None where the store, or its package, gives none that a write can be made to depend on.
    """

    content: bytes | None
    tag: str | None


def read_version(system: Any, path: str) -> Version:
    """Read an object and its version, which belong together even if it is replaced meanwhile."""
    tag_of = _store_of(system).tag_of
    while True:
        system.invalidate_cache()  # other clients may have written
        tag = tag_of(system, path)
        content = _content(system, path)
        if tag_of(system, path) == tag:
            return Version(content, tag)


def replace_version(system: Any, path: str, content: bytes, version: Version) -> None:
    """Replace an object that was read, or create one that was missing. Raises ReplacedError if it is no longer so."""
    if read_version(system, path) != version:
        raise ReplacedError
    try:
        _store_of(system).write(system, path, content, version)
    except ReplacedError:
        # A request whose answer was lost is sent again by the packages, and then finds what it wrote itself.
        if read_version(system, path).content != content:
            raise


def _content(system: Any, path: str) -> bytes | None:
    try:
        return bytes(system.cat_file(path))
    except FileNotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class _Store:
    """How to ask a package of fsspec for the version of an object, and to replace that version only."""

    tag_of: Callable[[Any, str], str | None]
    write: Callable[[Any, str, bytes, Version], None]


def _store_of(system: Any) -> _Store:
    # By package and not by protocol: another package may serve the same protocol.
    packages = [each.__module__.partition(".")[0] for each in type(system).__mro__]
    return next((_STORES[package] for package in packages if package in _STORES), _ANY)


def _tag(key: str) -> Callable[[Any, str], str | None]:
    def tag_of(system: Any, path: str) -> str | None:
        try:
            tag = system.info(path).get(key)
        except FileNotFoundError:
            return None
        return str(tag) if tag else None

    return tag_of


def _write(system: Any, path: str, content: bytes, _version: Version) -> None:
    system.pipe_file(path, content)


def _write_s3(system: Any, path: str, content: bytes, version: Version) -> None:
    condition = {"IfMatch": version.tag} if version.tag else {"mode": "create"}
    try:
        system.pipe_file(path, content, **condition)
    except OSError as error:
        code = getattr(error.__cause__, "response", {}).get("Error", {}).get("Code")
        if code in _S3_CONFLICTS and not (code == "NoSuchKey" and version.tag is None):
            raise ReplacedError from error
        if code != _S3_UNSUPPORTED:
            raise
        _write(system, path, content, version)  # a store of another vendor, such as B2


def _write_azure(system: Any, path: str, content: bytes, version: Version) -> None:
    from azure.core import MatchConditions
    from azure.core.exceptions import ResourceModifiedError

    match = {"etag": version.tag, "match_condition": MatchConditions.IfNotModified}
    try:
        system.pipe_file(path, content, **(match if version.tag else {"mode": "create"}))
    except (FileExistsError, ResourceModifiedError) as error:
        raise ReplacedError from error


def _write_google(system: Any, path: str, content: bytes, version: Version) -> None:
    try:
        if version.tag is None:
            system.pipe_file(path, content, mode="create")
        else:
            _replace_generation(system, path, content, version.tag)
    except FileExistsError as error:
        raise ReplacedError from error


def _replace_generation(system: Any, path: str, content: bytes, generation: str) -> None:
    """Upload an object through the JSON API: `pipe_file` of gcsfs has no parameter for a generation."""
    bucket, key, _ = system.split_path(path)
    place = f"{system.base.removesuffix('/storage/v1/')}/upload/storage/v1/b/{quote(bucket, safe='')}/o"
    system.call(
        "POST",
        place,
        uploadType="media",
        name=key,
        ifGenerationMatch=generation,
        headers={"Content-Type": "application/octet-stream"},
        data=content,
    )


_ANY: Final = _Store(lambda _system, _path: None, _write)
_STORES: Final = {
    "s3fs": _Store(_tag("ETag"), _write_s3),
    "adlfs": _Store(_tag("etag"), _write_azure),
    "gcsfs": _Store(_tag("generation"), _write_google),
}
