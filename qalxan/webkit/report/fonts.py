"""Where Noto Sans lies: it comes with a package at set-up, nothing is fetched when a report is made."""

from importlib.util import find_spec
from pathlib import Path

from qalxan.kernel.errors import BadInput

PACKAGE = "fontpkg_noto_sans"


def folder() -> str:
    """The folder with the font files. Raises BadInput when the package is not installed."""
    found = find_spec(PACKAGE)
    if found and found.submodule_search_locations:
        files = Path(next(iter(found.submodule_search_locations))) / "files"
        if files.is_dir():
            return str(files)
    raise BadInput("the font Noto Sans is not installed", "", "Run make setup")
