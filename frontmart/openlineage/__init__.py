"""OpenLineage events of a build: its start, then the tables it read, checked and wrote, or its error.

    job      `build <output folder>` in the namespace frontmart: the same for every build of the folder
    inputs   the source folder; for a published build also the sources of its marts: tidy tables and the run log
    outputs  for a published build the tidy tables and the marts, by their paths through the published link

Tables are both inputs and outputs because servers such as Marquez keep column lineage only between inputs and outputs
of the same run. A build that found nothing to do has no outputs. Without a target no OpenLineage library is imported,
and an event that cannot be sent never fails a build.
"""

from frontmart.openlineage.emit import emit_lineage

__all__ = ["emit_lineage"]
