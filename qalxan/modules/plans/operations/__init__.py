"""Writes: policy, lock, rule, save, audit, in one transaction each."""
