"""Propose merges of organisations and topics, with evidence, for the reviewed file of aliases."""
