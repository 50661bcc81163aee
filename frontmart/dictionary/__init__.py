"""What every table and column means, for people: the data dictionary, the picture of the models, `frontmart describe`.

All of it comes from the headers under sql/, the schemas of the tidy tables and the types that DuckDB finds, so that it
cannot say anything else than the warehouse does. Examples and counts of rows come from a snapshot.
"""
