"""Prepares a hundred people who hand in at once, inside the running site's own database; prints what the test needs as JSON."""

import datetime as dt
import json
import sys

import django


def main() -> None:
    """`crowd YEAR` prepares; `crowd YEAR count` tells what arrived."""
    django.setup()
    year = int(sys.argv[1])
    print(json.dumps(count(year) if len(sys.argv) > 2 else prepare(year)))


def prepare(year: int) -> list[tuple[str, str, str]]:
    """Open the window, seat a focal point in each body, answer every duty; (cookies, path of handing in, form token) of each."""
    from django.test import Client
    from django.utils import timezone

    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.foundation.access.permissions import Role
    from qalxan.foundation.accounts.installation import NewPost, fill_posts
    from qalxan.foundation.accounts.models import Post, User
    from qalxan.foundation.accounts.queries import actor_of
    from qalxan.foundation.bodies.models import Body
    from qalxan.modules.plans import public as plans
    from qalxan.modules.plans.operations.records import set_roster
    from qalxan.modules.reporting import public as reporting

    now = timezone.localtime()
    coordinator = actor_of(User.objects.get(email="koordinator@demo.example").pk, now)
    local = list(Body.objects.filter(kind="local_executive").values_list("code", flat=True))
    set_roster(actor=coordinator, now=now, plan=plans.plan_of(SYSTEM, "MFP-2020"), year=year, group="YIHO", members=local)
    window = reporting.open_window(
        actor=coordinator,
        now=now,
        plan=plans.plan_of(SYSTEM, "MFP-2020"),
        year=year,
        opens_on=now.date(),
        due_on=now.date() + dt.timedelta(days=20),
    )
    made = []
    held = set(Post.objects.filter(role=Role.DEPUTY_FOCAL_POINT, ends_at=None).values_list("body_id", flat=True))
    rows = [found.row for found in reporting.board(coordinator, window.id, now.date()).rows if found.row.body not in held]
    people = [
        User.objects.create_user(f"crowd{place}@demo.example", None, name=f"Uydurma {place}", is_demo=True) for place in range(len(rows))
    ]
    fill_posts([NewPost(user.email, Role.DEPUTY_FOCAL_POINT, row.body, now) for user, row in zip(people, rows, strict=True)])
    for user, row in zip(people, rows, strict=True):
        actor = actor_of(user.pk, timezone.localtime())
        for answer in reporting.return_page(actor, row.id, now.date()).answers:
            words = reporting.Words("nothing", "", "", {})
            reporting.save_answer(actor=actor, now=now, answer_id=answer.id, version=answer.version, words=words)
        client = Client()
        client.force_login(user)
        path = f"/returns/{row.id}/"
        page = client.get(path, HTTP_HOST="127.0.0.1").content.decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        made.append(("; ".join(f"{name}={value.value}" for name, value in client.cookies.items()), f"{path}submit/", token))
    return made


def count(year: int) -> dict[str, int]:
    """Returns handed in, and the log's rows of handing in."""
    from qalxan.foundation.audit.events import AuditEvent
    from qalxan.foundation.audit.models import Entry
    from qalxan.modules.reporting.models import Return

    handed_in = Return.objects.filter(window__year=year, state="submitted")
    subjects = [f"return:{pk}" for pk in handed_in.values_list("pk", flat=True)]
    return {"submitted": len(subjects), "entries": Entry.objects.filter(event=AuditEvent.RETURN_SUBMITTED, subject__in=subjects).count()}


if __name__ == "__main__":
    main()
