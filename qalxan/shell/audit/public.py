"""The log's heads and proofs, for anyone: plain text, no account, no personal data. A row shows as a hash over a random salt."""

import base64
from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qalxan.foundation.access.guard import Absent
from qalxan.foundation.audit import proofs


def _plain(text: str | None) -> HttpResponse:
    if text is None:
        raise Absent
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _lines(hashes: Iterable[bytes]) -> str:
    return "".join(base64.b64encode(one).decode() + "\n" for one in hashes)


@login_not_required
@require_safe
def head(request: HttpRequest, size: int | None = None) -> HttpResponse:
    """The newest signed head, or that of a size, as a signed note."""
    return _plain(proofs.head(size))


@login_not_required
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The public key heads are signed with: name+id+key."""
    vkey = proofs.key()
    return _plain(vkey and vkey + "\n")


@login_not_required
@require_safe
def consistency(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """One hash a line: what shows that the log of `new` rows begins with the one of `old`."""
    path = proofs.consistency_path(old, new)
    return _plain(None if path is None else _lines(path))


@login_not_required
@require_safe
def inclusion(request: HttpRequest, seq: int, size: int) -> HttpResponse:
    """One hash a line: the leaf at `seq`, then its path to the root of `size` rows."""
    found = proofs.inclusion_path(seq, size)
    return _plain(None if found is None else _lines([found[0], *found[1]]))
