"""Text for a terminal, a log or a line of output: nothing that is acted on, and no line that was not meant."""


def printable(value: object) -> str:
    """A value without what a terminal would act on.

    Control characters, line ends, directions of writing and what shows as nothing become spaces.
    """
    text = str(value)
    # A name on disk that is no UTF-8 comes with surrogates, which no stream takes.
    return text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)
