"""Settings: base for all, then one file for each way of running."""
