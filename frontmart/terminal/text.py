"""Text that is safe to print: on one line, and without characters that act on a terminal."""


def printable(value: object) -> str:
    """Text with non-printable characters replaced by spaces.

    These are control characters, line ends, marks that change the direction of writing, and invisible characters.
    """
    text = str(value)
    # File names that are not UTF-8 have surrogates, which no stream encodes; they are not printable either.
    return text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)
