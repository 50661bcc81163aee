"""`frontmart mcp`: the published warehouse for agents, over the Model Context Protocol.

The server (`server`, `tools`, `workers`) needs the SDK of the extra `mcp`, and never opens a warehouse. Each call is
answered by a worker process (`worker`, `answers`), which a query may crash or hang without harm to the server.
"""
