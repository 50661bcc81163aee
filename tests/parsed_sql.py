"""Importing this parses the SQL of the models, macros and checks: the catalog keeps it while the texts are the same."""

from frontmart.catalog.models import read_checks, read_macros, read_models
from frontmart.catalog.sql_folder import SQL

read_macros(SQL, read_models(SQL))
read_checks(SQL)
