"""The report: one self-contained HTML page about the published snapshot, which needs neither SQL nor a server."""

from frontmart.report.write import add_report, report, write_report

__all__ = ["add_report", "report", "write_report"]
