"""Quality and speed, measured; raw results are kept in results/; not installed."""
