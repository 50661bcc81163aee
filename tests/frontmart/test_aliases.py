"""The reviewed file of aliases: its errors, its effect on a build, and that nothing of it stays once it is removed."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from frontmart.aliases.check import reject_idle
from frontmart.aliases.model import Alias, AliasFile
from frontmart.aliases.read import read_alias_file
from frontmart.errors import UsageError
from frontmart.reconcile.propose import Proposal, find_proposals
from frontmart.reconcile.write import proposal_text, write_proposals
from frontmart.run import Run
from frontmart.settings import Settings
from frontmart.snapshots.fingerprint import fingerprint
from frontmart.verify import Verification, verify
from tests.sample import build_quietly

ARTICLE = """---
title: {title}
type: article
publishedDateTime: 2026-01-0{day}T00:00:00Z
webUrl: https://{domain}/{day}
provider:
  name: {name}
  domain: {domain}
topics:
{topics}
---
"""
# What runs before this one, and the snapshot before it, decide.
HISTORY = {"run_history.parquet", "drift.parquet"}


def read(folder: Path, text: str) -> AliasFile | None:
    path = folder / "organisations.toml"
    path.write_text(text, encoding="utf-8")
    return read_alias_file(Settings(organisations=path))


def test_without_the_setting_there_is_no_file() -> None:
    assert read_alias_file(Settings()) is None


def test_the_entries_of_a_file_are_sorted(tmp_path: Path) -> None:
    found = read(tmp_path, '[topics]\nml = "ai"\n[organisations]\n"b.com" = "a.com"\n"a.de" = "a.com"\n')
    assert found is not None
    assert found.aliases == (
        Alias("organisation", "a.de", "a.com"),
        Alias("organisation", "b.com", "a.com"),
        Alias("topic", "ml", "ai"),
    )


NOT_TEXT = "must be a text that is not empty; put quotes around keys with a dot, and correct the value"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[topic]\na = "b"', "unknown table topic; did you mean [topics]?"),
        ("name = 1", "unknown table name; the tables are [organisations] and [topics]"),
        ("topics = 1", '[topics]: must be a table of entries such as "alias" = "id"; correct it'),
        ("[topics]\na = 1", f'[topics] "a": {NOT_TEXT}'),
        ('[topics]\na = " "', f'[topics] "a": {NOT_TEXT}'),
        ('[organisations]\na.com = "b.com"', f'[organisations] "a": {NOT_TEXT}'),
        ('[topics]\n"" = "b"', '[topics] "": the alias is empty; write an id, or remove the entry'),
        ('[topics]\na = "a"', '[topics] "a": is an alias of itself; name another id, or remove the entry'),
        (
            '[topics]\na = "b"\nb = "c"',
            '[topics] "a": "b" is an alias itself, of "c"; name the id at the end, or remove one of the two entries',
        ),
    ],
)
def test_an_error_names_the_file_the_entry_and_the_remedy(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'organisations.toml'}: {message}"


def test_a_file_that_is_not_toml_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"organisations\.toml: not valid TOML \(.*\); correct the file"):
        read(tmp_path, "[topics")


def test_a_missing_file_and_one_in_another_encoding_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(UsageError) as caught:
        read_alias_file(Settings(organisations=path))
    assert str(caught.value) == f"{path}: there is no such file of organisations; give another with --organisations"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError) as caught:
        read_alias_file(Settings(organisations=path))
    assert str(caught.value) == f"{path}: the file of organisations is not UTF-8; save it as UTF-8"


def test_a_named_pipe_is_an_error_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    with pytest.raises(UsageError) as caught:
        read_alias_file(Settings(organisations=path))
    assert str(caught.value) == (
        f"{path}: the file of organisations is not a regular file; give one with --organisations"
    )


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "aliases.toml").write_text('[topics]\r\nml = "ai"\r\n', encoding="utf-8", newline="")
    (tmp_path / "link.toml").symlink_to("aliases.toml")
    found = read_alias_file(Settings(organisations=tmp_path / "link.toml"))
    assert found is not None
    assert found.aliases == (Alias("topic", "ml", "ai"),)


def test_a_file_without_end_is_not_read_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.touch()
    os.truncate(path, 10**12)
    with pytest.raises(UsageError) as caught:
        read_alias_file(Settings(organisations=path))
    assert str(caught.value) == (
        f"{path}: the file of organisations has more than 10,000,000 bytes; remove the entries that nobody reviewed"
    )


def test_proposals_are_written_into_a_folder_that_exists(tmp_path: Path) -> None:
    path = tmp_path / "none" / "organisations.toml"
    with pytest.raises(UsageError) as caught:
        write_proposals([], path)
    assert str(caught.value) == f"{path}: there is no folder {path.parent}; make it first, or give --write another name"


KNOWN = {"organisation": {"acme.com", "acme.de"}, "topic": {"ai", "law"}}


@pytest.mark.parametrize(
    ("aliases", "message"),
    [
        ([Alias("topic", "lax", "ai")], '[topics] "lax": the corpus has no such topic; correct or remove the entry'),
        (
            [Alias("organisation", "acme.dex", "acme.com")],
            '[organisations] "acme.dex": the corpus has no such provider or organisation; '
            "did you mean acme.de? Else correct or remove the entry",
        ),
        (
            [Alias("organisation", "acme.de", "acme.con"), Alias("topic", "x", "ai")],
            '[organisations] "acme.de": the corpus has no organisation "acme.con" to replace it with; '
            "did you mean acme.com? Else correct or remove the entry (and 1 more)",
        ),
    ],
)
def test_an_entry_without_effect_is_an_error(aliases: list[Alias], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        reject_idle(AliasFile(Path("o.toml"), tuple(aliases)), KNOWN, KNOWN)
    assert str(caught.value) == f"o.toml: {message}"


def test_the_nearest_name_is_sought_for_the_first_entry_alone() -> None:
    aliases = tuple(Alias("topic", f"topic-{number}", "ai") for number in range(100_000))
    known = {"organisation": set[str](), "topic": {f"name-{number}" for number in range(1_000)}}
    began = time.process_time()
    with pytest.raises(UsageError, match=r"and 99,999 more"):
        reject_idle(AliasFile(Path("o.toml"), aliases), known, known)
    assert time.process_time() - began < 5


def test_entries_with_an_effect_pass() -> None:
    reject_idle(AliasFile(Path("o.toml"), (Alias("topic", "law", "ai"),)), KNOWN, KNOWN)


def test_the_aliases_change_the_fingerprint_of_the_models_alone() -> None:
    before = fingerprint(Settings(), "1")
    after = fingerprint(Settings(), "1", aliases=(Alias("topic", "a", "b"),))
    assert [part for part in before if before[part] != after[part]] == ["models"]


@dataclass(frozen=True)
class Builds:
    """Three builds of one source into one folder: without the file, with it, and without it again."""

    proposals: list[Proposal]
    files: list[dict[str, bytes]]
    organisations: list[list[str]]
    runs: list[Run]
    verification: Verification
    out: Path


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    folder = tmp_path_factory.mktemp("aliases")
    source, out, reviewed = folder / "source", folder / "out", folder / "organisations.toml"
    source.mkdir()
    providers = [("acme.com", "Acme"), ("youtube.com", "ACME!"), ("other.org", "Other"), ("youtube.com", "Nobody")]
    for day, (domain, name) in enumerate(providers, start=1):
        topics = "- Power Apps\n- PowerApps" if day == 1 else "- Power Apps"
        text = ARTICLE.format(title=f"Title {day}", day=day, domain=domain, name=name, topics=topics)
        (source / f"{day}.md").write_text(text, encoding="utf-8")
    reviewed.write_text('[organisations]\n"youtube.com/acme" = "acme.com"\n[topics]\npowerapps = "power-apps"\n')
    files, organisations, runs = [], [], []
    for settings in ({}, {"organisations": reviewed}, {}):
        runs.append(build_quietly(source, out, workers=1, **settings))
        folder_of_build = out / "published"
        files.append({
            path.name: path.read_bytes()
            for part in ("tables", "marts")
            for path in sorted((folder_of_build / part).glob("*.parquet"))
        })  # fmt: skip
        with duckdb.connect(str(folder_of_build / "warehouse.duckdb"), read_only=True) as con:
            rows = con.execute("select organisation_id from marts.organisation_report order by 1").fetchall()
        organisations.append([name for (name,) in rows])
        if settings:
            verification = verify(out, deep=True)
    return Builds(find_proposals(out), files, organisations, runs, verification, out)


def test_a_build_with_the_file_merges_what_it_names_and_verifies(builds: Builds) -> None:
    assert builds.organisations[0] == ["acme.com", "other.org", "youtube.com/acme", "youtube.com/nobody"]
    assert builds.organisations[1] == ["acme.com", "other.org", "youtube.com/nobody"]
    assert builds.verification.is_good
    recomputation = builds.verification.recomputation
    assert recomputation is not None
    assert recomputation.skipped is None
    assert recomputation.table_count > 0
    assert [run.outcome for run in builds.runs] == ["published"] * 3


def test_removing_the_file_restores_the_bytes_of_tables_and_marts(builds: Builds) -> None:
    before, during, after = ({name: file[name] for name in file.keys() - HISTORY} for file in builds.files)
    assert {name for name in before if before[name] != during[name]} >= {"organisation_report.parquet"}
    assert before == after
    assert {name: during[name] for name in ("documents.parquet", "document_topics.parquet")}.items() <= before.items()


def test_proposals_name_the_evidence_and_the_target_is_on_no_platform(builds: Builds) -> None:
    assert builds.proposals == [
        Proposal(Alias("organisation", "youtube.com/acme", "acme.com"), "same name", ("ACME!", "Acme"), (1, 1), 0, 0,
                 ("Title 2", "Title 1")),
        Proposal(Alias("topic", "powerapps", "power-apps"), "same name", ("PowerApps", "Power Apps"), (1, 4), 1, 0,
                 ("Title 1", "Title 1")),
    ]  # fmt: skip


def test_the_file_of_proposals_has_no_effect_until_its_entries_are_uncommented(builds: Builds, tmp_path: Path) -> None:
    path = tmp_path / "organisations.toml"
    write_proposals(builds.proposals, path)
    untouched = read_alias_file(Settings(organisations=path))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('# "', '"'), encoding="utf-8")
    reviewed = read_alias_file(Settings(organisations=path))
    assert untouched is not None
    assert untouched.aliases == ()
    assert reviewed is not None
    assert reviewed.aliases == tuple(each.alias for each in builds.proposals)
    assert "# the same name, folded: 'ACME!' and 'Acme', 1 and 1 articles; 0 events and 0 authors in common\n" in text
    with pytest.raises(UsageError) as caught:
        write_proposals(builds.proposals, path)
    assert str(caught.value).startswith(f"{path}: exists and is not overwritten")


def test_an_id_with_quotes_and_line_ends_is_written_as_toml(tmp_path: Path) -> None:
    proposal = Proposal(Alias("topic", 'a"\\\n', "b"), "near name", ("a\n", "b"), (1, 2), 0, 0, ())
    path = tmp_path / "organisations.toml"
    path.write_text(proposal_text([proposal]).replace('# "', '"'), encoding="utf-8")
    found = read_alias_file(Settings(organisations=path))
    assert found is not None
    assert found.aliases == (proposal.alias,)
