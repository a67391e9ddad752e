"""Duties: by body, by year, heat map, compilations, calendar feed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import feed_key, feed_post
from qalxan.foundation.bodies.queries import body_page
from qalxan.modules.plans.queries import duties as queries
from qalxan.modules.plans.queries import plans as plan_queries
from qalxan.modules.plans.web.forms import year_of
from qalxan.modules.plans.web.plans import today
from qalxan.webkit.request import QalxanRequest
from qalxan.webkit.views import Page


class ByYear(Page):
    """A plan's duties in a year."""

    permission = Permission.DUTY_VIEW

    def get(self, request: object, code: str) -> HttpResponse:
        """Show the year asked for, else this year or the plan's last."""
        plan = plan_queries.plan_of(self.request.actor, code)
        years = queries.plan_years(plan)
        year = year_of(self.request.GET.get("year")) or min(today(self).year, years[-1] if years else today(self).year)
        rows = queries.of_year(self.request.actor, code, year, today(self))
        return self.page("plans/duties.html", plan=plan, rows=rows, years=years, year=year, fragment="plans/_duties.html", by_body=False)


class ByBody(Page):
    """What a body owes."""

    permission = Permission.DUTY_VIEW

    def get(self, request: object, body: str) -> HttpResponse:
        """Show the body's duties, all or of a year, with its calendar address for those who answer for it."""
        actor = self.request.actor
        year = year_of(self.request.GET.get("year"))
        rows = queries.of_body(actor, body, plan=self.request.GET.get("plan"), year=year, today=today(self))
        page = body_page(body)
        if page is None:
            raise Absent(body)
        years = tuple(sorted({row.year for row in queries.of_body(actor, body, plan=None, year=None, today=today(self))}))
        post = next((p for p in actor.posts if p.body == body and Permission.FEED_READ in actor.permissions), None)
        return self.page(
            "plans/duties.html",
            body=page,
            rows=rows,
            years=years,
            year=year,
            fragment="plans/_duties.html",
            by_body=True,
            feed=feed_key(post.id) if post else "",
        )


class Heat(Page):
    """The duty heat map."""

    permission = Permission.DUTY_VIEW

    def get(self, request: object, code: str) -> HttpResponse:
        """Show bodies × measures for all years or one."""
        year = year_of(self.request.GET.get("year"))
        heat = queries.heat_map(self.request.actor, code, year)
        return self.page("plans/heat.html", heat=heat, plan=heat.plan, year=year)


class Runs(Page):
    """What each compilation changed."""

    permission = Permission.DUTY_VIEW

    def get(self, request: object, code: str) -> HttpResponse:
        """Show the compilations, newest first."""
        plan = plan_queries.plan_of(self.request.actor, code)
        measures = dict(plan.measures.values_list("id", "number"))
        return self.page("plans/runs.html", plan=plan, runs=queries.runs(self.request.actor, code), measures=measures)


@login_not_required
@require_safe
def feed(request: QalxanRequest, key: str) -> HttpResponse:
    """The calendar of a post's body; the secret in the address ends with the post. An unknown one is not found."""
    post = feed_post(key, request.now)
    if post is None or Permission.FEED_READ not in Actor(None, (post,)).permissions:
        raise Absent("calendar")
    return HttpResponse(queries.calendar(post, request.get_host(), request.now), content_type="text/calendar; charset=utf-8")
