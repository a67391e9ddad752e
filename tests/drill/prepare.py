"""Fills the site for the drill: the invented people, one plan with its open returns, and a focal point who has not answered yet."""

import datetime as dt

import django

YEAR = 2022


def main() -> None:
    django.setup()
    from django.utils import timezone, translation

    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.foundation.access.permissions import Role
    from qalxan.foundation.accounts.installation import NewPost, fill_posts
    from qalxan.foundation.accounts.models import User
    from qalxan.foundation.accounts.queries import actor_of
    from qalxan.foundation.bodies.models import Body
    from qalxan.modules.plans import public as plans
    from qalxan.modules.plans.operations.records import set_roster
    from qalxan.modules.reporting import public as reporting
    from qalxan.modules.reporting.models import Return
    from qalxan.shell.demo.load import load_demo
    from tests.drill.load import WRITER

    now = timezone.now()
    with translation.override("en"):
        load_demo(now, report=False)
        coordinator = actor_of(User.objects.get(email="koordinator@demo.example").pk, now)
        plan = plans.plan_of(SYSTEM, "MFP-2020")
        local = list(Body.objects.filter(kind="local_executive").values_list("code", flat=True))[:1]
        set_roster(actor=coordinator, now=now, plan=plan, year=YEAR, group="YIHO", members=local)
        reporting.open_window(
            actor=coordinator, now=now, plan=plan, year=YEAR, opens_on=now.date(), due_on=now.date() + dt.timedelta(days=20)
        )
        silent = Return.objects.filter(window__year=YEAR, body_id__in=local).first()
        User.objects.create_user(WRITER, None, name="Uydurma Yazan", is_demo=True)
        fill_posts([NewPost(WRITER, Role.FOCAL_POINT, silent.body_id, now - dt.timedelta(days=1))])


if __name__ == "__main__":
    main()
