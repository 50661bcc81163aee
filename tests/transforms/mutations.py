"""Damage to front matter and to whole files, as editors, scripts and wires do it; the same for the same seed."""

from collections.abc import Callable
from random import Random

# Characters and words that mean something to YAML, and some that only look so.
SYNTAX = (
    ": ", ":", ":\t", "- ", "-", " #", "#", '"', "'", "''", '""', "[", "]", "{", "}", ",", "|", "|-\n", ">", ">-\n",
    ">+\n", ">2-\n", "|2\n", "&a ", "& ", "&", "*a", "* ", "!", "!!str ", "!t ", "%", "@", "`", "?", "? ", "\t",
    " ", "  ", "\n", "\n\n", "\n\t\n", "---", "\n---\n", "...", "\n...\n", "\n# c\n", "\n%YAML 1.1\n", "~", "null",
    "Null", "true", "True", "no", "<<: ", "<<: *a", "=", "0x1F", "0o7", "017", "1_000", "1e3", "1.", ".5", "-.5",
    "+1", "-0", "5.0", ".inf", "inf", ".nan", "nan", "12:30", "2021-04-20", "\\", "\\n", "\\x41", "\\u2028",
    "\\ud83d", "\\/", "\\N", "\x07", "\x7f", "\x80", "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff", "\uffff",
    "😀", "é",
)  # fmt: skip

Mutation = Callable[[str, Random], str]


def _flip_a_byte(text: str, random: Random) -> str:
    data = bytearray(text.encode())
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return data.decode(errors="replace")


def _insert_syntax(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice(SYNTAX) + text[place:]


def _replace_a_value(line: str, random: Random) -> str:
    key, colon, value = line.partition(": ")
    return key + colon + random.choice(SYNTAX) + value * random.randrange(2) if colon else line


def _indent_otherwise(line: str, random: Random) -> str:
    return line[random.randrange(1, 3) :] if random.random() < 0.5 else " " * random.randrange(1, 4) + line


def _unquote(line: str, random: Random) -> str:
    return line.replace(random.choice("\"'"), "")


def _on_a_line(change: Mutation) -> Mutation:
    def mutate(text: str, random: Random) -> str:
        lines = text.split("\n")
        place = random.randrange(len(lines))
        lines[place] = change(lines[place], random)
        return "\n".join(lines)

    return mutate


def _delete_a_line(text: str, random: Random) -> str:
    lines = text.split("\n")
    del lines[random.randrange(len(lines))]
    return "\n".join(lines)


def _repeat_a_line(text: str, random: Random) -> str:
    lines = text.split("\n")
    lines.insert(random.randrange(len(lines) + 1), random.choice(lines))
    return "\n".join(lines)


def _swap_lines(text: str, random: Random) -> str:
    lines = text.split("\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


_MUTATIONS: tuple[Mutation, ...] = (
    _flip_a_byte,
    _insert_syntax,
    _insert_syntax,
    _delete_a_line,
    _repeat_a_line,
    _swap_lines,
    _on_a_line(_replace_a_value),
    _on_a_line(_replace_a_value),
    _on_a_line(_indent_otherwise),
    _on_a_line(_unquote),
)


def mutated(text: str, random: Random) -> str:
    """A text with one to three damages."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if text:
            text = random.choice(_MUTATIONS)(text, random)
    return text


def with_other_line_ends(data: bytes, random: Random) -> bytes:
    """The same lines, ended as Windows or the old Macintosh do, or some of them."""
    lines, ends = data.split(b"\n"), (b"\r\n", b"\r", b"\n")
    if random.random() < 0.7:
        return random.choice(ends).join(lines)
    return b"".join(line + random.choice(ends) for line in lines)


def encoded_otherwise(data: bytes, random: Random) -> bytes:
    """The same text in another encoding, with its byte order mark, without, or with that of another."""
    encodings = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp500")
    text, encoding = data.decode(errors="replace"), random.choice(encodings)
    if random.random() < 0.1:  # read as Windows-1252 and saved as UTF-8 once more
        return text.encode().decode("cp1252", "replace").encode()
    return random.choice((b"", b"", b"\xff\xfe", b"\xef\xbb\xbf")) + text.encode(encoding, "replace")


def _cut_off(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] if random.random() < 0.7 else data[place:]


def _repeat_a_block(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    stop = min(len(data), start + random.randrange(1, 2_000))
    return data[:stop] + data[start:stop] * random.choice((1, 1, 2, 30)) + data[stop:]


def _scatter_bytes(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randrange(1, 9)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _change_fences(data: bytes, random: Random) -> bytes:
    fences = (b"---", b"+++", b"----", b"--- ", b"...", b"--", b" ---", b"", b"{", b"}")
    return data.replace(b"---", random.choice(fences), random.choice((1, 2, -1)))


def _cross(data: bytes, other: bytes, random: Random) -> bytes:
    """The begin of one file and the end of the other, cut at line ends."""
    lines, others = data.split(b"\n"), other.split(b"\n")
    return b"\n".join(lines[: random.randrange(len(lines) + 1)] + others[random.randrange(len(others)) :])


def _splice(data: bytes, other: bytes, random: Random) -> bytes:
    """Some bytes of the other file within the one, between any two of its bytes or in place of as many."""
    start, place = random.randrange(len(other)), random.randrange(len(data) + 1)
    piece = other[start : start + random.randrange(1, 300)]
    return data[:place] + piece + data[place + random.choice((0, len(piece))) :]


def damaged(data: bytes, other: bytes, random: Random) -> bytes:
    """A file with the damage that wires, disks and careless scripts do; neither file may be empty."""
    kind = random.random()
    if kind < 0.55:
        return mutated(data.decode(errors="replace"), random).encode(errors="replace")
    if kind < 0.75:
        return random.choice((_cross, _splice))(data, other, random)
    changes = (
        encoded_otherwise, with_other_line_ends, _cut_off, _repeat_a_block, _scatter_bytes, _change_fences,
    )  # fmt: skip
    return random.choice(changes)(data, random)
