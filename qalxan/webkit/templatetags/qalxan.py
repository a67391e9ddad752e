"""Small helpers of templates."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with some values changed; an empty value drops the key."""
    request: HttpRequest = context["request"]
    values = {**request.GET.dict(), **{k: str(v) for k, v in changes.items() if v is not None}}
    return "?" + urlencode({k: v for k, v in values.items() if v != ""})


@register.filter
def join_words(items: Any) -> str:
    """Items joined by commas."""
    return ", ".join(map(str, items))
