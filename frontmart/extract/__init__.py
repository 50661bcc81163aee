"""Extract: a source folder becomes fragments, the Parquet files of the tidy tables of each shard."""
