"""What a spreadsheet takes for a formula when it opens a CSV file."""

from typing import Final

# The beginnings of a text, as a regular expression; the wide forms count in some languages. A tab or a line end may be
# dropped on the way, and an apostrophe is put before another one so that it can be taken off again.
FORMULA: Final = "'*[=+\\-@\t\r\n＝＋－＠]"  # noqa: RUF001 (the wide forms are meant)
# Stands before such a text, so that it is none.
MARK: Final = "'"
