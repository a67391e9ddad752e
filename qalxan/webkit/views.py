"""The base of every page: one right, checked before the handler runs."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
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
            if request.method != "POST":
                raise
            messages.error(request, str(broken))
            if not hasattr(self, "get"):
                return redirect(self.back(*args, **kwargs))
            response: HttpResponse = self.get(request, *args, **kwargs)
            if response.status_code == 200:
                response.status_code = 422
            return response

    def back(self, *args: Any, **kwargs: Any) -> str:
        """Where a page that only takes a POST sends the person when a rule was broken."""
        return "/"

    def page(self, template: str, **context: Any) -> HttpResponse:
        """Render a template; an htmx request gets the fragment of the same name."""
        if self.request.htmx and (fragment := context.get("fragment")):
            return render(self.request, fragment, context)
        return render(self.request, template, context)
