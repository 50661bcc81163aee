"""Damage to front matter, as editors, scripts and wires do it; the same for the same seed."""

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
