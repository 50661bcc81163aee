"""The report: one self-contained page on what is published, for people who ask neither SQL nor a server."""

from frontmart.report.write import add_report, report, write_report

__all__ = ["add_report", "report", "write_report"]
