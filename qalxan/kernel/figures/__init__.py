"""Figures: what splits them, which of several sources is taken, and the arithmetic that must hold between them."""

from qalxan.kernel.figures.dimensions import DIMENSIONS, key_of, read_key, split_of
from qalxan.kernel.figures.values import FactValue, Settled, Slot, Standing, settle, settle_all

__all__ = ["DIMENSIONS", "FactValue", "Settled", "Slot", "Standing", "key_of", "read_key", "settle", "settle_all", "split_of"]
