"""Handing out stored files: always to be saved, never to be shown by the browser."""

from urllib.parse import quote

from django.http import HttpResponse


def attachment(name: str, media_type: str, data: bytes) -> HttpResponse:
    """A response that browsers save. Should one show it after all, it runs nothing, loads nothing and belongs to no origin.

    A name with other than plain letters is told as RFC 5987 does, with a plain one for old programs.
    """
    response = HttpResponse(data, content_type=media_type)
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
    told = f'attachment; filename="{plain}"'
    response["Content-Disposition"] = told if plain == name else f"{told}; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Length"] = str(len(data))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
