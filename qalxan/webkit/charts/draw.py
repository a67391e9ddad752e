"""The pictures. 640 pixels wide, bars from zero, values written at the marks; lightness and pattern part the series, colour only helps.

A value that is not known leaves a gap with a dash; one that is not exact has a broken outline and a sign before it.
"""

from collections.abc import Callable
from decimal import Decimal
from xml.sax.saxutils import escape

from qalxan.kernel.numbers import percent, written
from qalxan.webkit.charts.data import Chart, Series, alt_text, shares, shown, signs_used, total
from qalxan.webkit.charts.paper import element, haloed, label, lines, width, wrap

WIDE = 640
INK, QUIET, HAIR = "#14233b", "#46536a", "#d9d4c8"
TEAL, PALE, POM, AMBER = "#0b6b66", "#a9d5cf", "#a3123f", "#7a4b00"
_TILE = {
    1: f'<path d="M-2 2L2-2M0 8L8 0M6 10L10 6" stroke="{INK}" stroke-width="1.8" fill="none"/>',
    3: f'<circle cx="2" cy="2" r="1.3" fill="{POM}"/><circle cx="6" cy="6" r="1.3" fill="{POM}"/>',
    5: f'<path d="M0 2H8M0 6H8" stroke="{AMBER}" stroke-width="1.6" fill="none"/>',
}
_SOLID = {0: TEAL, 2: PALE, 4: INK}
_DASHES = ("", "6 4", "2 3", "10 3 2 3", "12 4", "1 4")
_LINES = (TEAL, INK, POM, AMBER, QUIET, TEAL)


def svg(chart: Chart) -> str:
    """The chart as SVG: no script, no style, no outside reference; text is text, in Noto Sans where the reader has it."""
    draw, height = _DRAWERS[_kind(chart)](chart)
    if signs := signs_used(chart):
        draw += label(signs, 0, height + 12, size=11, colour=QUIET)
        height += 20
    head = element("title", escape(chart.title)) + element("desc", escape(alt_text(chart)))
    ground = element("rect", width=WIDE, height=height, fill="#ffffff")
    return element(
        "svg", head + _patterns(chart, draw) + ground + draw, xmlns="http://www.w3.org/2000/svg", width=WIDE, height=height,
        viewBox=f"0 0 {WIDE} {int(height)}", role="img", font_family="Noto Sans, sans-serif",
    )  # fmt: skip


def _kind(chart: Chart) -> str:
    """Columns whose labels have no room under them are drawn as rows; parts with an unknown part are no whole."""
    if chart.kind in ("columns", "stacked", "line"):
        slot = (WIDE - 60) / len(chart.categories)
        widest = max(width(word, 11) for category in chart.categories for word in category.split(" "))
        return "rows" if chart.kind == "columns" and widest > max(slot, 26) else chart.kind
    return "rows" if chart.kind == "parts" and shares(chart) is None else chart.kind


def _ref(chart: Chart, place: int) -> str:
    return f"qx-{chart.code}-{place}".replace(".", "-")


def _patterns(chart: Chart, drawn: str) -> str:
    made = [
        element(
            "pattern",
            element("rect", width=8, height=8, fill="#ffffff") + tile,
            id=_ref(chart, place),
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        )
        for place, tile in _TILE.items()
        if f"#{_ref(chart, place)})" in drawn
    ]
    return element("defs", "".join(made)) if made else ""


def _box(chart: Chart, style: int, x: float, y: float, wide: float, high: float, *, sure: bool = True) -> str:
    """A bar or a swatch in a series' own fill."""
    style %= 6
    fill = _SOLID.get(style) or f"url(#{_ref(chart, style)})"
    more: dict[str, str | float] = {} if sure else {"stroke_dasharray": "4 3", "fill_opacity": 0.55}
    return element("rect", x=x, y=y, width=wide, height=max(high, 0.5), fill=fill, stroke=INK, stroke_width=1, **more)


def _key(chart: Chart, names: list[str], room: float = WIDE) -> tuple[str, float]:
    """Swatches with names, in as many lines as they need; with the height used."""
    out, x, y = "", 0.0, 0.0
    for place, name in enumerate(names):
        wide = 18 + width(name, 12) + 20
        if x and x + wide - 20 > room:
            x, y = 0, y + 20
        out += _box(chart, place, x + 0.5, y + 2.5, 11, 11) + label(name, x + 18, y + 12)
        x += wide
    return out, y + 26


def _top(values: list[float]) -> float:
    """A round number at or over the greatest value, never zero."""
    greatest = max(values, default=0) or 1
    power = 10.0 ** (len(str(int(greatest))) - 1) if greatest >= 1 else 0.1
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12) if step * power >= greatest)


def _known(series: Series) -> list[float]:
    return [float(value) for value in series.values if value is not None]


def _under(chart: Chart, left: float, slot: float, bottom: float) -> tuple[str, float]:
    """Labels of the categories under a base line, wrapped; with the picture's height."""
    texts = [wrap(category, 11, max(slot - 4, 20)) for category in chart.categories]
    out = element(
        "line", x1=left, y1=bottom, x2=WIDE if chart.kind != "line" else left + slot * len(texts), y2=bottom, stroke=INK, stroke_width=1
    )
    every = 1
    while width("0000 ", 11) > slot * every and max(map(len, texts)) == 1:
        every += 1
    for place, text in enumerate(texts):
        if (len(texts) - 1 - place) % every == 0:
            out += lines(text, left + slot * (place + 0.5), bottom + 15, size=11, colour=QUIET, anchor="middle")
    return out, bottom + 8 + 14.3 * max(map(len, texts))


def _columns(chart: Chart) -> tuple[str, float]:
    out, y = _key(chart, [series.name for series in chart.series]) if len(chart.series) > 1 else ("", 0)
    texts = [[shown(chart, series, place) for place in range(len(chart.categories))] for series in chart.series]
    slot = WIDE / len(chart.categories)
    bar = min(64, slot * 0.78 / len(chart.series))
    widest = max(width(text, 11) for row in texts for text in row)
    turn = widest > bar + (slot * 0.2 if len(chart.series) == 1 else 3)
    y += widest + 8 if turn else 18
    high, top = 190, _top([value for series in chart.series for value in _known(series)])
    for row, series in enumerate(chart.series):
        for place, value in enumerate(series.values):
            x = slot * (place + 0.5) + bar * (row - len(chart.series) / 2)
            tall = 0 if value is None else high * float(value) / top
            if tall:
                out += _box(chart, row, x + 1, y + high - tall, bar - 2, tall, sure=series.quality_at(place) == "exact")
            where = y + high - tall - 5
            if turn and value is not None:
                out += label(texts[row][place], x + bar / 2 + 4, where, size=11, turn=True)
            else:
                out += label(texts[row][place], x + bar / 2, where, size=11, anchor="middle")
    under, height = _under(chart, 0, slot, y + high)
    return out + under, height


def _stacked(chart: Chart) -> tuple[str, float]:
    out, y = _key(chart, [series.name for series in chart.series])
    y += 18
    slot = WIDE / len(chart.categories)
    bar, high = min(72, slot * 0.72), 220
    sums = [sum(float(series.values[place] or 0) for series in chart.series) for place in range(len(chart.categories))]
    top = _top(sums)
    for place in range(len(chart.categories)):
        x, base = slot * (place + 0.5), y + high
        gaps = 0
        for row, series in enumerate(chart.series):
            value = series.values[place]
            gaps += value is None
            if not value:
                continue
            tall = high * float(value) / top
            base -= tall
            out += _box(chart, row, x - bar / 2, base, bar, tall, sure=series.quality_at(place) == "exact")
            text = shown(chart, series, place)
            if tall >= 17 and width(text, 11) + 6 <= bar:
                out += haloed(text, x, base + tall / 2 + 4)
        above = total(chart, place)
        if gaps and gaps < len(chart.series):
            above = f"{written(sum((s.values[place] or 0 for s in chart.series), 0), chart.language)} + –"
        out += label(above, x, base - 6, size=12, anchor="middle")
    under, height = _under(chart, 0, slot, y + high)
    return out + under, height


def _grid(chart: Chart, left: float, right: float, y: float, high: float, top: float) -> str:
    out = ""
    for part in range(1, 5):
        at, value = y + high - high * part / 4, Decimal(str(top * part / 4))
        text = written(value.quantize(Decimal(1)) if value == value.to_integral_value() else value, chart.language)
        out += element("line", x1=left, y1=at, x2=right, y2=at, stroke=HAIR, stroke_width=1)
        out += label(text, left - 6, at + 4, size=11, colour=QUIET, anchor="end")
    return out


def _line(chart: Chart) -> tuple[str, float]:
    named = len(chart.series) > 1
    top = _top([value for series in chart.series for value in _known(series)])
    while top % 4 and top >= 4:
        top += 1 if top == int(top) else 0.5
    left = max(28, width(written(int(top), chart.language), 11) + 12)
    right = WIDE - (min(170, max(width(series.name, 12) for series in chart.series) + 14) if named else 10)
    y, high = 18.0, 210.0
    slot = (right - left) / len(chart.categories)
    out = _grid(chart, left, right, y, high, top)
    ends = []
    for row, series in enumerate(chart.series):
        points = [
            None if value is None else (left + slot * (place + 0.5), y + high - high * float(value) / top)
            for place, value in enumerate(series.values)
        ]
        out += _strokes(points, row)
        for place, point in enumerate(points):
            if point:
                out += _marker(row, *point, sure=series.quality_at(place) == "exact")
                if not named and slot >= width(shown(chart, series, place), 11) + 4:
                    out += label(shown(chart, series, place), point[0], point[1] - 9, size=11, anchor="middle")
            else:
                out += label(
                    "–",
                    left + slot * (place + 0.5) + 8 * (row - (len(chart.series) - 1) / 2),
                    y + high - 5,
                    size=12,
                    colour=_LINES[row],
                    anchor="middle",
                )
        if named and (last := next((point for point in reversed(points) if point), None)):
            ends.append((last[1], row, last))
    out += _ends(chart, sorted(ends), right)
    under, height = _under(chart, left, slot, y + high)
    return out + under, height


def _strokes(points: list[tuple[float, float] | None], row: int) -> str:
    """The line in pieces: nothing is drawn across a gap."""
    out, piece = "", ""
    for point in [*points, None]:
        if point:
            piece += f"{'L' if piece else 'M'}{point[0]:.1f} {point[1]:.1f}"
        elif piece:
            dash: dict[str, str | float] = {"stroke_dasharray": _DASHES[row]} if _DASHES[row] else {}
            out += element("path", d=piece, fill="none", stroke=_LINES[row], stroke_width=2, **dash) if "L" in piece else ""
            piece = ""
    return out


def _marker(row: int, x: float, y: float, *, sure: bool) -> str:
    """Circle, square, triangle, diamond; hollow where the value is not exact."""
    paint: dict[str, str | float] = {"fill": _LINES[row] if sure else "#ffffff", "stroke": _LINES[row], "stroke_width": 1.5}
    if row % 4 == 0:
        return element("circle", cx=x, cy=y, r=3.5, **paint)
    paths = ("", "M-3.5-3.5H3.5V3.5H-3.5Z", "M0-4.5L4.5 3.5H-4.5Z", "M0-5L4.5 0L0 5L-4.5 0Z")
    return element("path", d=paths[row % 4], transform=f"translate({x:.1f} {y:.1f})", **paint)


def _ends(chart: Chart, ends: list[tuple[float, int, tuple[float, float]]], right: float) -> str:
    """Names at the ends of lines, pushed apart, each tied to its line."""
    out, least = "", 0.0
    for y, row, last in ends:
        text = wrap(chart.series[row].name, 12, WIDE - right - 14)
        at = max(y + 4, least)
        out += element("line", x1=last[0] + 5, y1=last[1], x2=right + 10, y2=at - 4, stroke=_LINES[row], stroke_width=0.75)
        out += lines(text, right + 13, at, size=12, colour=_LINES[row])
        least = at + 15.6 * len(text)
    return out


def _rows(chart: Chart) -> tuple[str, float]:
    out, y = _key(chart, [series.name for series in chart.series]) if len(chart.series) > 1 else ("", 4)
    longest = max(width(category, 12) for category in chart.categories)
    room = min(longest, 220) + 4
    bar = 22 if len(chart.series) == 1 else 17
    top = max([value for series in chart.series for value in _known(series)], default=0) or 1
    widest = max(width(shown(chart, series, place), 12) for series in chart.series for place in range(len(chart.categories)))
    span = WIDE - room - widest - 24
    start = y
    for place, category in enumerate(chart.categories):
        text = wrap(category, 12, room)
        high = max(bar * len(chart.series), 15.6 * len(text))
        out += lines(text, room, y + high / 2 + 4 - 15.6 * (len(text) - 1) / 2, anchor="end")
        for row, series in enumerate(chart.series):
            value = series.values[place]
            at = y + (high - bar * len(chart.series)) / 2 + bar * row
            long = 0 if value is None else span * float(value) / top
            if long:
                out += _box(chart, row, room + 10, at + 1.5, long, bar - 3, sure=series.quality_at(place) == "exact")
            out += label(shown(chart, series, place), room + 16 + long, at + bar / 2 + 4)
        y += high + 9
    out += element("line", x1=room + 10, y1=start - 3, x2=room + 10, y2=y - 6, stroke=INK, stroke_width=1)
    return out, y


def _parts(chart: Chart) -> tuple[str, float]:
    parts = shares(chart) or []
    series, out, x = chart.series[0], "", 0.0
    for place, part in enumerate(parts):
        wide = (WIDE - 1) * float(part) / float(sum(parts))
        if part:
            out += _box(chart, place, x + 0.5, 4.5, wide, 44, sure=series.quality_at(place) == "exact")
        written_part = percent(part, chart.language)
        if wide > width(written_part, 11) + 10:
            out += haloed(written_part, x + wide / 2, 31)
        x += wide
    y = 70.0
    for place, category in enumerate(chart.categories):
        out += _box(chart, place, 0.5, y - 9.5, 11, 11)
        said = f"{shown(chart, series, place)} ({percent(parts[place], chart.language)})"
        text = wrap(category, 12, WIDE - 150)
        out += lines(text, 18, y) + label(said, WIDE, y, anchor="end")
        y += 15.6 * len(text) + 6
        out += element("line", x1=0, y1=y - 15, x2=WIDE, y2=y - 15, stroke=HAIR, stroke_width=0.75) if place < len(parts) - 1 else ""
    return out, y - 8


_DRAWERS: dict[str, Callable[[Chart], tuple[str, float]]] = {
    "columns": _columns, "stacked": _stacked, "line": _line, "rows": _rows, "parts": _parts,
}  # fmt: skip
