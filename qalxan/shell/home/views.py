"""The first page: what needs this person now."""

from typing import Any

from django.http import HttpResponse

from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.bodies.queries import names
from qalxan.modules.coordination import public as coordination
from qalxan.modules.plans import public as plans
from qalxan.modules.reporting import public as reporting
from qalxan.reports.annual_report import public as reports
from qalxan.webkit.views import Page


class Home(Page):
    """Each role's home, put together from the rights held."""

    permission = Permission.SELF

    def get(self, request: object) -> HttpResponse:
        """Drafts and amendments for those who prepare them; a body's duties for its focal point; plans for all."""
        actor = self.request.actor
        context: dict[str, Any] = {"plans": plans.plan_list(actor), "posts": [(p.role.label, p.body) for p in actor.posts]}
        if Permission.DRAFT_VIEW in actor.permissions:
            acts = plans.draft_list(actor)
            context["drafts"] = [a for a in acts if a.state == "draft"][:5]
            context["waiting"] = [a for a in acts if a.state == "pending"][:5]
        bodies = sorted(actor.bodies_with(Permission.FEED_READ))
        today, named = self.request.now.date(), names()
        context["mine"] = []
        for body in bodies:
            rows = plans.of_body(actor, body, plan=None, year=None, today=today)
            current = [r for r in rows if r.year == today.year]
            overdue = [r for r in rows if r.overdue]
            context["mine"].append(
                {
                    "code": body,
                    "name": named.get(body, body),
                    "current": current[:8],
                    "count": len(current),
                    "overdue": len(overdue),
                    "total": len(rows),
                }
            )
        context["returns"] = (
            [r for r in reporting.my_returns(actor, today) if not r.closed][:6] if Permission.RETURN_WRITE in actor.permissions else []
        )
        context["tasks"] = [t for body in bodies for t in coordination.tasks_of_body(actor, body, today)][:6]
        if Permission.BOARD_VIEW in actor.permissions:
            context["boards"] = [reporting.board(actor, w.id, today) for w in reporting.windows(actor) if not w.closed][:3]
        context["reports"] = reports.sealed_list(actor)[:3]
        return self.page("home/home.html", names=named, **context)
