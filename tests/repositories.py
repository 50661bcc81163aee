"""Generated git repositories of front-matter files: the same arguments give the same commits everywhere.

Their commits edit, rename, swap, remove and restore articles, write nothing that is stored (line ends, `secured`),
break and mend files, link, merge, and go back in time. `git fast-import` writes them, so a repository of a thousand
commits takes about a second.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

# The folder of a generated repository that tests read as a subfolder.
SUBFOLDER: Final = "content"
_START: Final = 1_600_000_000
_FOLDERS: Final = ("", "_news", "_learning/videos", "content", "content/deep/er")
_PLACES: Final = ("Osterwick", "Dunmarrow", "Tindle Quay", "Eastlarch", "Grindlebrook")
_TOPICS: Final = ("Cycling", "Ferries", "Libraries", "Bridges", "Markets", "Gardens")
_PEOPLE: Final = ("Ada Quayle", "Ben Mole", "Linus Ellowby", "Keziah Brindle")
_FILE, _PROGRAM, _LINK, _MODULE = "100644", "100755", "120000", "160000"
_BROKEN: Final = b'---\ntitle: "an open quote\ntopics: [a\n---\n'
_PLAIN: Final = b"no front matter here\n"


@dataclass
class _File:
    """A file of the tree: an article, or other content (of a link: its target; of a submodule: a commit id)."""

    mode: str = _FILE
    article: dict[str, Any] | None = None
    content: bytes = b""
    is_crlf: bool = False
    has_bom: bool = False
    secret: int = 0

    def data(self) -> bytes:
        if self.article is None:
            return self.content
        values = self.article | ({"secured": f"c2VjcmV0{self.secret}"} if self.secret else {})
        front = yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
        text = f"---\n{front}---\nBody\n".replace("\n", "\r\n" if self.is_crlf else "\n")
        return (b"\xef\xbb\xbf" if self.has_bom else b"") + text.encode()


_Dumper: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Tree = dict[bytes, _File]


def make_repository(
    folder: Path,
    seed: int,
    commits: int = 40,
    files: int = 60,
    preset: str = "smartable",
    object_format: str = "sha1",
    *,
    bare: bool = False,
) -> Path:
    """Make a repository in a folder that does not exist, its branch `main` checked out unless it is bare.

    A merge brings a commit of `main` more, so that there are some more than `commits`.
    """
    run_git("init", "--quiet", f"--object-format={object_format}", "--initial-branch=main",
            *(["--bare"] if bare else []), str(folder), cwd=folder.parent)  # fmt: skip
    generator = _Generator(Random(seed), preset, 40 if object_format == "sha1" else 64)
    stream = b"".join(generator.stream(commits, files))
    run_git("fast-import", "--quiet", "--done", cwd=folder, input_=stream)
    if not bare:
        run_git("reset", "--quiet", "--hard", cwd=folder)
    return folder


def git_environment(**more: str) -> dict[str, str]:
    """The environment without what would change how git behaves, with a name to commit by."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    people = {f"GIT_{who}_{what}": "tester" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return kept | people | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | more


def run_git(*words: str, cwd: Path, input_: bytes | None = None, committed: str = f"@{_START} +0000") -> bytes:
    """Run git without the settings of the machine -> what it writes."""
    environment = git_environment(GIT_COMMITTER_DATE=committed)
    done = subprocess.run(["git", *words], cwd=cwd, input=input_, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def commit_files(repository: Path, files: dict[str, bytes | None], message: str = "edit", at: int = _START) -> str:
    """Commit content on top of the checked-out branch of a repository with a worktree (None removes) -> commit id."""
    for path, content in files.items():
        place = repository / path
        if content is None:
            run_git("rm", "--quiet", "--cached", "--", path, cwd=repository)
            place.unlink()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            run_git("add", "--", path, cwd=repository)
    day = f"@{at} +0000"
    run_git("commit", "--quiet", "--allow-empty", f"--date={day}", "-m", message, cwd=repository, committed=day)
    return run_git("rev-parse", "HEAD", cwd=repository).decode().strip()


def first_parents(repository: Path) -> list[str]:
    """The commits of HEAD on the first-parent line, oldest first."""
    return run_git("rev-list", "--first-parent", "--reverse", "HEAD", cwd=repository).decode().split()


def check_out(repository: Path, commit: str, folder: Path) -> Path:
    """Check a commit out into a new folder, without `.git` in it -> the folder."""
    folder.mkdir()
    index = folder.parent / f"{folder.name}.index"
    words = [f"--git-dir={_git_folder(repository)}", f"--work-tree={folder}"]
    subprocess.run(["git", *words, "read-tree", commit], check=True, env=git_environment(GIT_INDEX_FILE=str(index)))
    subprocess.run(
        ["git", *words, "-c", "core.autocrlf=false", "checkout-index", "--all", "--force"],
        cwd=folder, check=True, env=git_environment(GIT_INDEX_FILE=str(index)),
    )  # fmt: skip
    return folder


def _git_folder(repository: Path) -> Path:
    return repository / ".git" if (repository / ".git").exists() else repository


@dataclass
class _Generator:
    """Writes the stream of `git fast-import`."""

    random: Random
    preset: str
    id_digits: int
    tree: _Tree = field(default_factory=dict)
    gone: _Tree = field(default_factory=dict)
    mark: int = 0
    time: int = _START
    count: int = 0

    def stream(self, commits: int, files: int) -> Iterator[bytes]:
        for _ in range(files):
            self.tree[self._new_path()] = _File(article=self._article())
        self._add_oddities()
        yield self._commit("main", {}, self.tree, "first")
        for number in range(1, commits):
            if number % 9 == 5:
                yield from self._merge()
            elif number % 17 == 8:
                yield self._commit("main", self.tree, self.tree, "nothing")
            else:
                before = deepcopy(self.tree)
                for _ in range(self.random.choice((1, 1, 2, 3, 6))):
                    self._change()
                yield self._commit("main", before, self.tree, "change")
        yield b"done\n"

    def _merge(self) -> Iterator[bytes]:
        """A side branch with a commit or two, a commit on main in between, and their merge."""
        fork, base = self.mark, deepcopy(self.tree)
        for number in range(self.random.choice((1, 2))):
            before = deepcopy(self.tree)
            self._change()
            yield self._commit("side", before, self.tree, "side", parent=0 if number else fork)
        tip, theirs = self.mark, self.tree
        self.tree = deepcopy(base)
        self._edit()
        yield self._commit("main", base, self.tree, "meanwhile", parent=fork)
        before = deepcopy(self.tree)
        for path in {*base, *theirs}:
            if base.get(path) != theirs.get(path):
                if path in theirs:
                    self.tree[path] = theirs[path]
                else:
                    self.tree.pop(path, None)
        self._edit()
        yield self._commit("main", before, self.tree, "merge", merged=tip)

    def _commit(
        self, branch: str, before: _Tree, after: _Tree, message: str, *, parent: int = 0, merged: int = 0
    ) -> bytes:
        self.mark += 1
        # Forwards as a rule, often not at all, and now and then an hour back.
        self.time += self.random.choice((0, 0, 60, 3600, 86_400, 400_000, -3600))
        author = self.time - self.random.choice((0, 0, 5, 7200))
        lines = [
            f"commit refs/heads/{branch}\nmark :{self.mark}\n"
            f"author A U Thor <a@press.example> {author} +0200\n"
            f"committer C Omit <c@press.example> {self.time} -0700\n".encode(),
            _data(message.encode()),
        ]
        if parent:
            lines.append(f"from :{parent}\n".encode())
        if merged:
            lines.append(f"merge :{merged}\n".encode())
        lines += [b"D " + path + b"\n" for path in sorted(before) if path not in after]
        for path in sorted(after):
            if before.get(path) != after[path]:
                lines.append(_modify(path, after[path]))
        return b"".join([*lines, b"\n"])

    def _new_path(self) -> bytes:
        self.count += 1
        folder = self.random.choice(_FOLDERS)
        suffix = self.random.choice((".md", ".md", ".md", ".html", ".MDX", ".txt"))
        name = self.random.choice((f"{self.count}-story", f"{self.count} with blanks", f"{self.count}-f\u00eate"))
        path = f"{folder}/{name}{suffix}".lstrip("/").encode()
        return path.replace(b"\xc3\xaa", b"\xea") if self.random.random() < 0.15 else path

    def _add_oddities(self) -> None:
        """What is no article: links, a submodule, hidden folders, other files, and files that are broken."""
        some = self._pick(_is_article)
        oddities = {
            b"_news/link.md": _File(_LINK, content=_relative(b"_news/link.md", some)),
            b"_news/chain.md": _File(_LINK, content=b"link.md"),
            b"_news/broken-link.md": _File(_LINK, content=b"nowhere.md"),
            b"outside.md": _File(_LINK, content=b"../" * 60 + b"etc/passwd"),
            b"absolute.md": _File(_LINK, content=b"/etc/passwd"),
            b"loop.md": _File(_LINK, content=b"loop.md"),
            b"folder.md": _File(_LINK, content=b"_news"),
            b"content/up.md": _File(_LINK, content=_relative(b"content/up.md", some)),
            b"linked": _File(_LINK, content=b"_news"),
            b"through.md": _File(_LINK, content=b"linked/link.md"),
            b"vendor/module": _File(_MODULE, content=b"1" * self.id_digits),
            b"vendor.md": _File(_MODULE, content=b"2" * self.id_digits),
            b".hidden/secret.md": _File(article=self._article()),
            b".dot.md": _File(article=self._article()),
            b"folder.named.md/inner.md": _File(article=self._article()),
            b"notes.css": _File(content=b"a {}"),
            b"broken.md": _File(content=_BROKEN),
            b"plain.txt": _File(content=_PLAIN),
            b"empty.md": _File(),
            b"program.md": _File(_PROGRAM, self._article()),
            b"back\\slash \xff.md": _File(article=self._article()),
            b"tab\tquote\".md": _File(article=self._article()),
        }  # fmt: skip
        self.tree |= oddities

    def _article(self) -> dict[str, Any]:
        random, number = self.random, self.random.randrange(10**6)
        title = f"{random.choice(_PLACES)} opens bridge {number}"
        day = f"20{random.randrange(10, 24)}-0{random.randrange(1, 10)}-1{random.randrange(10)}"
        topics = random.sample(_TOPICS, random.randrange(4))
        if self.preset == "generic":
            return {
                "title": title, "date": day, "tags": topics, "author": random.sample(_PEOPLE, random.randrange(3)),
                "description": f"On {title}", "url": f"https://press.example/{number}", "weight": random.randrange(9),
                "categories": random.choice(_TOPICS),
            }  # fmt: skip
        site = random.choice(_PLACES).lower().replace(" ", "")
        return {
            "title": title, "publishedDateTime": f"{day}T08:30:00Z", "webUrl": f"https://{site}.example/{number}",
            "type": random.choice(("article", "video")), "heat": random.randrange(-1, 100),
            "published": random.random() < 0.8, "topics": topics,
            "provider": {
                "name": site.title(), "domain": f"{site}.example",
                "authors": random.sample(_PEOPLE, random.randrange(3)),
                "images": [{"url": f"https://{site}.example/logo.png", "width": 50, "height": 50}],
            },
            "images": [self._image(site) for _ in range(random.randrange(3))],
            "related": [self._related() for _ in range(random.randrange(5))],
        }  # fmt: skip

    def _image(self, site: str) -> dict[str, Any]:
        return {"url": f"https://{site}.example/{self.random.randrange(10**4)}.jpg", "width": 640, "height": 480}

    def _related(self) -> dict[str, Any]:
        number, site = self.random.randrange(200), self.random.choice(_PLACES).lower().replace(" ", "")
        return {
            "title": f"Other story {number}", "webUrl": f"https://{site}.example/{number}", "heat": number % 7,
            "provider": {"name": site.title(), "domain": f"{site}.example"}, "images": [self._image(site)],
        }  # fmt: skip

    def _pick(self, fits: Callable[[_File], bool]) -> bytes:
        return self.random.choice(sorted(path for path, each in self.tree.items() if fits(each) and path[:1] != b"."))

    def _change(self) -> None:
        changes: list[Callable[[], None]] = [
            self._edit, self._edit, self._edit, self._edit, self._add, self._add, self._remove, self._restore,
            self._rename, self._rename_with_edit, self._rename_with_url, self._swap, self._flip_line_ends, self._secure,
            self._break, self._mend, self._unmatter, self._relink, self._move_back, self._exchange, self._turn_program,
            self._copy,
        ]  # fmt: skip
        self.random.choice(changes)()

    def _edit(self) -> None:
        path = self._pick(_is_article)
        article = self._renew(path)
        others = self._article()
        key = self.random.choice(sorted(others))
        if isinstance(article.get(key), list) and self.random.random() < 0.7:
            items = article[key]
            self.random.shuffle(items)
            if items and self.random.random() < 0.5:
                items.pop()
            items += others[key][:1]
        else:
            article[key] = others[key]

    def _renew(self, path: bytes) -> dict[str, Any]:
        """Replace a file by a copy, since trees share files -> its article, to be changed."""
        self.tree[path] = deepcopy(self.tree[path])
        article = self.tree[path].article
        assert article is not None
        return article

    def _add(self) -> None:
        self.tree[self._new_path()] = _File(article=self._article())

    def _remove(self) -> None:
        path = self._pick(lambda each: each.mode != _MODULE)
        self.gone[path] = self.tree.pop(path)

    def _restore(self) -> None:
        for path in sorted(self.gone)[-1:]:
            if path not in self.tree:
                self.tree[path] = self.gone.pop(path)

    def _rename(self) -> bytes:
        path, new = self._pick(_is_article), self._new_path()
        self.gone[path] = self.tree[new] = self.tree.pop(path)
        return new

    def _rename_with_edit(self) -> None:
        path = self._rename()
        self._renew(path)["title"] = "Renamed in passing"

    def _rename_with_url(self) -> None:
        """A rename that only git's similarity finds."""
        path = self._rename()
        article = self._renew(path)
        for key in ("webUrl", "url"):
            if key in article:
                article[key] += "-moved"

    def _swap(self) -> None:
        path = self._pick(_is_article)
        self.tree[path] = _File(article=self._article())

    def _exchange(self) -> None:
        one, other = self._pick(_is_article), self._pick(_is_article)
        self.tree[one], self.tree[other] = self.tree[other], self.tree[one]

    def _flip_line_ends(self) -> None:
        path = self._pick(_is_article)
        self._renew(path)
        self.tree[path].is_crlf = not self.tree[path].is_crlf

    def _secure(self) -> None:
        path = self._pick(_is_article)
        self._renew(path)
        self.tree[path].secret += 1

    def _break(self) -> None:
        path = self._pick(_is_article)
        self.gone[path] = self.tree[path]
        self.tree[path] = _File(content=self.random.choice((_BROKEN, _BROKEN.replace(b"an", b"another"))))

    def _unmatter(self) -> None:
        path = self._pick(_is_article)
        self.gone[path] = self.tree[path]
        self.tree[path] = _File(content=_PLAIN)

    def _mend(self) -> None:
        for path in sorted(path for path, each in self.tree.items() if each.content.startswith(_BROKEN[:5]))[:1]:
            self.tree[path] = self.gone.get(path) or _File(article=self._article())

    def _relink(self) -> None:
        target = self._pick(_is_article)
        path = self.random.choice((b"_news/link.md", b"content/up.md", b"linked"))
        name = _relative(path, target) if path != b"linked" else self.random.choice((b"content", b"_news", b"gone"))
        self.tree[path] = _File(_LINK, content=name)

    def _move_back(self) -> None:
        """A content that a path had before."""
        for path in sorted(self.gone)[:1]:
            self.tree[path] = self.gone[path]

    def _turn_program(self) -> None:
        path = self._pick(_is_article)
        self._renew(path)
        self.tree[path].mode = _PROGRAM if self.tree[path].mode == _FILE else _FILE

    def _copy(self) -> None:
        self.tree[self._new_path()] = self.tree[self._pick(_is_article)]


def _is_article(file: _File) -> bool:
    return file.article is not None


def _relative(link: bytes, target: bytes) -> bytes:
    return b"../" * link.count(b"/") + target


def _modify(path: bytes, file: _File) -> bytes:
    if file.mode == _MODULE:
        return b"M 160000 " + file.content + b" " + path + b"\n"
    return f"M {file.mode} inline ".encode() + path + b"\n" + _data(file.data())


def _data(content: bytes) -> bytes:
    return f"data {len(content)}\n".encode() + content + b"\n"
