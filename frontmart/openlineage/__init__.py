"""OpenLineage events of a build: that it began; then what it read, checked and wrote, or why it failed.

    job      `build <output folder>` of the namespace frontmart: the same for every build of the folder
    inputs   the source folder; of a published build also what its marts are made of: tidy tables, the ledger of runs
    outputs  of a published build the tidy tables and the marts, by their paths through the published link

Tables are inputs as well as outputs because a server such as Marquez keeps the lineage of columns between inputs and
outputs of one run only. A build that found nothing to do has no outputs. Events are an extra: nothing of OpenLineage is
imported where none are asked for, and none that cannot be sent fails a build.
"""

from frontmart.openlineage.emit import emit_lineage

__all__ = ["emit_lineage"]
