"""Reads: scoped by policy, ready to print."""
