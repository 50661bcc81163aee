"""`frontmart query` and `frontmart shell`: read a query, run it in a sandbox, write its result."""
