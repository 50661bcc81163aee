"""Groups that have terms of their own: what happened has words that other articles of its days do not use."""

from typing import Final

import numpy as np

from transforms.events.candidates import LEAST_WEIGHT
from transforms.events.terms import Array, Entries

# The least part of the uses of its terms that a group needs, divided by the square root of its size: a piece of a large
# event shares its terms with the other pieces.
_LEAST_OWN: Final = 0.75


def with_own_terms(group: Array, entries: Entries, weight: Array, in_days: Array) -> Array:
    """The groups, without those whose terms are common in their days: each node of one is a group of its own.

    `group`: the group of each node, named after one of its nodes. `in_days`: how many nodes of the days of its node
    have the term of each entry. Of each heavy term that at least two nodes of a group share, it has a part of all uses
    in these days. The mean of these parts over the entries of the group, by the square of their weight, counts.
    """
    nodes = len(group)
    size = np.bincount(group, minlength=nodes)
    counted = np.flatnonzero((weight >= LEAST_WEIGHT) & (size[group] > 1)[entries.doc])
    of, squared = group[entries.doc[counted]], weight[counted] ** 2
    _, term, count = np.unique(entries.term[counted] * nodes + of, return_inverse=True, return_counts=True)
    uses, squared = count[term], squared * (count[term] > 1)
    part = np.minimum(uses / in_days[counted], 1)
    own, shared = np.bincount(of, squared * part, nodes), np.bincount(of, squared, nodes)
    is_common = own * np.sqrt(size) < _LEAST_OWN * shared
    return np.where(is_common[group], np.arange(nodes), group)
