"""The base of every page: one right, checked before the handler runs."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views import View

from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.errors import BadInput, RuleBroken
from qalxan.webkit.request import QalxanRequest


class Page(View):
    """A page with the right it needs. A POST that breaks a rule shows the sentence and the form as it was filled."""

    permission: ClassVar[Permission]
    request: QalxanRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the right, then hand over."""
        require(self.request.actor, self.permission)
        try:
            return super().dispatch(request, *args, **kwargs)
        except (RuleBroken, BadInput) as broken:
            if request.method != "POST" or not hasattr(self, "get"):
                raise
            messages.error(request, str(broken))
            response: HttpResponse = self.get(request, *args, **kwargs)
            response.status_code = 422
            return response

    def page(self, template: str, **context: Any) -> HttpResponse:
        """Render a template; an htmx request gets the fragment of the same name."""
        if self.request.htmx and (fragment := context.get("fragment")):
            return render(self.request, fragment, context)
        return render(self.request, template, context)
