"""Charts of the report: from plain data to SVG that needs no script, no style and no other file, the same bytes each time."""

from qalxan.webkit.charts.data import Chart, Series, alt_text, signs_used, table
from qalxan.webkit.charts.draw import svg

__all__ = ["Chart", "Series", "alt_text", "png", "signs_used", "svg", "table"]


def png(picture: str, fonts: str, dpi: int = 150) -> bytes:
    """The picture for programs that show SVG unevenly. `fonts` is a folder with Noto Sans; pixels are 1/96 inch."""
    import vl_convert

    vl_convert.register_font_directory(fonts)
    made: bytes = vl_convert.svg_to_png(picture, scale=dpi / 96, ppi=72)
    return made
