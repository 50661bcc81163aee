"""Front matter of any generator -> records: the preset `generic`, see `fields.GENERIC_FIELDS`."""
