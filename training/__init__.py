"""How the shipped models were made; not installed."""
