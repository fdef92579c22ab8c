"""The web API: what the command line can do, for programs that speak HTTP."""
