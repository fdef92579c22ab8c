"""MCP: models of other programs ask, search and read the documents."""
