"""Small helpers of templates."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with some values changed; an empty value drops the key."""
    request: HttpRequest = context["request"]
    values = {**request.GET.dict(), **{k: str(v) for k, v in changes.items() if v is not None}}
    return "?" + urlencode({k: v for k, v in values.items() if v != ""})


@register.simple_tag
def heat_cells(cells: Iterable[Any]) -> SafeString:
    """The cells of a heat map's row. One string for a row: thousands of small template nodes would cost a tenth of a second."""
    row = "".join(_EMPTY if not c.count else f'<td class="l{c.level:d} r-{escape(c.strongest)}">{c.count:d}</td>' for c in cells)
    return mark_safe(row)  # noqa: S308 - numbers and an escaped word


_EMPTY = "<td></td>"


@register.simple_tag
def silence_cells(cells: Iterable[Any]) -> SafeString:
    """The cells of a silence map's row; each carries its word for those who do not see colours or marks."""
    row = "".join(
        _EMPTY
        if c is None
        else f'<td class="s-{escape(c.code)}"><span aria-hidden="true">{escape(c.mark)}</span><span class="hidden">{escape(c.label)}</span></td>'
        for c in cells
    )
    return mark_safe(row)  # noqa: S308 - escaped words


@register.filter
def join_words(items: Any) -> str:
    """Items joined by commas."""
    return ", ".join(map(str, items))


@register.filter
def of(names: dict[Any, str], key: Any) -> str:
    """The word of a code; the code itself where there is none."""
    return names.get(key, "" if key is None else str(key))
