"""Importing this parses the SQL, which is then kept in the process."""

from frontmart.shipped_sql import shipped_sql

shipped_sql()
