"""The reviewed file of aliases of organisations and topics, see docs/organisations.md."""
