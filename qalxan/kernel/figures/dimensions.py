"""What splits a figure, and how a split is written as a key."""

import re
from collections.abc import Mapping

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "sex": ("female", "male", "unknown"),
    "age": ("adult", "child", "unknown"),
    "form": ("sexual", "labour", "criminal", "begging_marriage_organs_other"),
    "kind": ("trafficking", "forced_labour", "documents"),
    "citizenship": (),
    "country": (),
    "penalty": ("imprisonment", "suspended", "deferred"),
    "whereabouts": ("caught", "abroad"),
    "group": ("women", "men", "children"),
    "sector": ("construction", "agriculture"),
    "provider": (),
    "area": ("world", "country"),
}
"""Dimension → its codes; none listed means codes of an outside list (ISO 3166 countries and citizenships, body codes)."""


def key_of(dimensions: Mapping[str, str]) -> str:
    """The canonical key of a split: "country=AE;form=sexual", "" for the whole. Raises ValueError on an unknown dimension or code."""
    for name, code in dimensions.items():
        if name not in DIMENSIONS:
            raise ValueError(f"there is no dimension {name}")
        if DIMENSIONS[name] and code not in DIMENSIONS[name]:
            raise ValueError(f"{name} has no code {code}")
    return ";".join(f"{name}={dimensions[name]}" for name in sorted(dimensions))


def split_of(key: str) -> dict[str, str]:
    """The dimensions of a canonical key."""
    return dict(part.split("=", 1) for part in key.split(";")) if key else {}


_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def read_key(written: str) -> str:
    """The canonical key of a split as a person wrote it: any order, spaces around the signs. Raises ValueError with what is wrong."""
    dimensions: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in written.split(";"))):
        name, sign, code = (piece.strip() for piece in part.partition("="))
        if not sign or not _CODE.fullmatch(code):
            raise ValueError(f"{part[:40]} is no split")
        if name in dimensions:
            raise ValueError(f"{name[:40]} is named twice")
        dimensions[name] = code
    return key_of(dimensions)
