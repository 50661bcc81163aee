"""Let one SELECT pass, or an EXPLAIN of one, by DuckDB's own parse: what a statement is, not how it is written."""

import re
from collections.abc import Iterator
from typing import Final

import duckdb

from frontmart.errors import UsageError

# The kinds of query in a parse tree. A WITH clause may also have an INSERT, UPDATE, DELETE or MERGE.
_READING_NODES: Final = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
# Not in a text of the query: there, a quotation mark has a backslash before it.
_NODE: Final = re.compile(r'"type":"([A-Z_]+_NODE)"')
_WRITING: Final = frozenset({"delete", "insert", "merge", "truncate", "update"})
_ANALYZE: Final = frozenset({"analyze", "analyse"})
_OPTION: Final = re.compile(r"[\w\s,]*")


def require_query(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the statement to run. Lines have the same numbers as in the text.

    An EXPLAIN is put together again from its options and the query that was checked: DuckDB's parser does not say which
    statement an EXPLAIN contains, and EXPLAIN ANALYZE runs it.

    Raises UsageError for anything but one statement that only reads, duckdb.Error for one that cannot be parsed.
    """
    with connection.cursor() as cursor:
        statements = cursor.extract_statements(sql)
        if len(statements) != 1:
            raise UsageError(f"the query has {len(statements)} statements; give one SELECT")
        tokens = list(_tokens(sql))
        if tokens and tokens[0][1] == "explain":
            return _checked_explain(cursor, sql, tokens)
        problem = _problem(cursor, sql)
    if problem:
        raise UsageError(f"the query {problem}, but only a SELECT can be run; give one")
    return sql


def _checked_explain(cursor: duckdb.DuckDBPyConnection, sql: str, tokens: list[tuple[int, str]]) -> str:
    """EXPLAIN with a query that was checked."""
    after = tokens[1:]
    words = "explain"
    if after and after[0][1] in _ANALYZE:
        words, after = "explain analyze", after[1:]
    options, query = _split_options(cursor, sql, after)
    problem = _problem(cursor, query)
    if problem:
        raise UsageError(f"the query {problem} in an EXPLAIN, but only a SELECT can be explained; give one")
    line_ends = "\n" * (sql.count("\n") - query.count("\n"))
    return f"{words} {options} {line_ends}{query}"


def _split_options(cursor: duckdb.DuckDBPyConnection, sql: str, tokens: list[tuple[int, str]]) -> tuple[str, str]:
    """The options of an EXPLAIN, such as `(format json)`, on one line, and the rest of the text."""
    content = sql.encode()  # positions count bytes
    if not tokens:
        return "", ""
    whole = content[tokens[0][0] :].decode()
    if tokens[0][1] != "(":
        return "", whole
    ends = [number for number, (_, word) in enumerate(tokens) if word == ")"]
    if not ends or ends[0] + 1 == len(tokens) or not _parses(cursor, content[tokens[ends[0] + 1][0] :].decode()):
        return "", whole
    words = " ".join(word for _, word in tokens[1 : ends[0]])
    if not _OPTION.fullmatch(words):
        return "", whole
    return f"({words})", content[tokens[ends[0] + 1][0] :].decode()


def _parses(cursor: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        return len(cursor.extract_statements(sql)) == 1
    except duckdb.Error:
        return False


def _problem(cursor: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Why a text is not one query that only reads; nothing if it is."""
    statements = cursor.extract_statements(sql)
    if len(statements) != 1:
        return f"has {len(statements)} statements"
    kind = statements[0].type
    if kind == duckdb.StatementType.SELECT:
        return _writing_node(cursor, sql)
    if kind == duckdb.StatementType.MULTI:
        return "" if _is_pivot(cursor, sql) else _is_a(_first_word(sql))
    return _is_a(kind.name.replace("_", " "))


def _is_a(kind: str) -> str:
    return f"is {'an' if kind[:1] in 'AEIOU' else 'a'} {kind} statement"


def _writing_node(cursor: duckdb.DuckDBPyConnection, sql: str) -> str:
    row = cursor.execute("select json_serialize_sql($1::varchar)", [sql]).fetchone()
    tree = str(row[0]) if row else ""
    nodes = set(_NODE.findall(tree))
    others = sorted(nodes - _READING_NODES)
    if others:
        kind = others[0].removesuffix("_NODE").removesuffix("_QUERY")
        return f"has {'an' if kind[0] in 'AEIOU' else 'a'} {kind} in a WITH clause"
    return "" if nodes else "cannot be checked"


def _is_pivot(cursor: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """Whether a text that DuckDB parses into several statements is one query with PIVOT: only a query is a subquery.

    CREATE TABLE, INSERT and COPY with PIVOT inside are of the same type.
    """
    words = [word for _, word in _tokens(sql)]
    while words and words[-1] == ";":
        words.pop()
    if not words or _WRITING.intersection(words):
        return False
    query = sql.encode()[: _end(sql, len(words))].decode()
    try:
        statements = cursor.extract_statements(f"from (\n{query}\n)")
    except duckdb.Error:
        return False
    return len(statements) == 1 and statements[0].type == duckdb.StatementType.MULTI


def _end(sql: str, count: int) -> int:
    """Where the semicolons begin that follow some tokens of a text; its end, if there are none."""
    positions = [position for position, _ in _tokens(sql)]
    return positions[count] if count < len(positions) else len(sql.encode())


def _first_word(sql: str) -> str:
    return next((word.upper() for _, word in _tokens(sql) if word != ";"), "")


def _tokens(sql: str) -> Iterator[tuple[int, str]]:
    """The tokens of a text without comments and leading semicolons: the position, in bytes, and the text in small."""
    content = sql.encode()
    found = [(position, kind) for position, kind in duckdb.tokenize(sql)]
    ends = [position for position, _ in found[1:]] + [len(content)]
    is_first = True
    for (position, kind), end in zip(found, ends, strict=True):
        word = content[position:end].decode(errors="replace").strip().lower()
        if kind == duckdb.token_type.comment or (is_first and word == ";"):
            continue
        is_first = False
        yield position, word
