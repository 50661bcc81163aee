"""The path of a document -> the parts of it that fill fields, and the place of the document in its site."""

import re
from functools import cache
from typing import Final

from transforms.generic.rules import FieldRules
from transforms.generic.words import words
from transforms.vocabulary import DocumentKind

_POST_FOLDERS: Final = words(
    "post posts blog blogs blogposts articles article news journal weblog stories essays til newsletter "
    "newsletters releases changelog announcements"
)
_PAGE_FOLDERS: Final = words(
    "page pages doc docs documentation wiki reference manual tutorial tutorials template templates "
    "include includes layout layouts partials data example examples sample samples authors author people "
    "team tags categories legal about"
)
_NEVER_POSTS: Final = words("test tests testdata fixtures spec specs node_modules vendor")
_DRAFT_FOLDERS: Final = frozenset(("draft", "drafts"))
_INDEX_FILES: Final = frozenset(("index", "_index", "readme"))
_SECTION_FILES: Final = frozenset(("_index",))
_DATED_NAME: Final = re.compile(r"^\d{4}[-_.]\d{1,2}[-_.]\d{1,2}[-_. ]*|^\d{8}[-_. ]+")


def file_name(path: str) -> str:
    """The name of a file without date and extension; of an index file, that of its folder."""
    *folders, name = path.removeprefix("./").split("/")
    stem = name.rpartition(".")[0] or name
    if stem.lower() in _INDEX_FILES and folders:
        stem = folders[-1]
    return _DATED_NAME.sub("", stem) or stem


def folder(path: str, place: int) -> str | None:
    """The folder at a place of a path, 1 for the first; None if the path has fewer."""
    folders = path.removeprefix("./").split("/")[:-1]
    return folders[place - 1] if 0 < place <= len(folders) else None


def document_kind(path: str, rules: FieldRules, *, is_dated: bool, is_draft: bool) -> DocumentKind:
    """The place of a document in its site: a draft, a section, a post or a page.

    Drafts are documents that say so, or in a folder for drafts; sections are `_index` files. Posts are those that the
    mapping file includes; without one, dated documents, except those below a folder for pages or tests. The folder
    nearest to the file decides.
    """
    folders = [name.lower().lstrip("_") for name in path.split("/")[:-1]]
    if is_draft or _DRAFT_FOLDERS.intersection(folders):
        return DocumentKind.DRAFT
    if _stem(path.rpartition("/")[2]) in _SECTION_FILES:
        return DocumentKind.SECTION
    is_post = matches_any(path, rules.include) if rules.include else is_dated and _may_be_post(folders)
    return DocumentKind.POST if is_post and not matches_any(path, rules.exclude) else DocumentKind.PAGE


def _may_be_post(folders: list[str]) -> bool:
    if _NEVER_POSTS.intersection(folders):
        return False
    nearest = next((name for name in reversed(folders) if name in _POST_FOLDERS or name in _PAGE_FOLDERS), None)
    return nearest not in _PAGE_FOLDERS


def matches_any(path: str, globs: tuple[str, ...]) -> bool:
    """Whether a path matches one of the globs: `*` within a folder, `**` across folders."""
    return any(glob_pattern(glob).match(path) for glob in globs)


@cache
def glob_pattern(glob: str) -> re.Pattern[str]:
    """The pattern of a glob, as in .gitignore files of a single folder: `posts/` means everything below it."""
    glob = glob.removeprefix("./")
    if glob.endswith("/"):
        glob += "**"
    pattern, place = "", 0
    while place < len(glob):
        if glob.startswith("**/", place):
            pattern, place = pattern + "(?:.*/)?", place + 3
        elif glob.startswith("**", place):
            pattern, place = pattern + ".*", place + 2
        elif glob[place] == "*":
            pattern, place = pattern + "[^/]*", place + 1
        elif glob[place] == "?":
            pattern, place = pattern + "[^/]", place + 1
        else:
            pattern, place = pattern + re.escape(glob[place]), place + 1
    return re.compile(rf"(?:\./)?{pattern}\Z", re.DOTALL)


def _stem(name: str) -> str:
    return name.partition(".")[0].lower() if not name.startswith(".") else name.lower()
