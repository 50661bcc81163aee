"""`frontmart diff`: what is in one state of the documents and not in another, down to the fields."""

from frontmart.diff.compare import Change, Comparison, comparing
from frontmart.diff.sides import Side, opening

__all__ = ["Change", "Comparison", "Side", "comparing", "opening"]
