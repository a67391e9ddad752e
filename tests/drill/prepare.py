"""Fills the site for the drill: the invented people, one plan with its open returns, and a focal point who has not answered yet."""

import datetime as dt

import django


def main() -> None:
    django.setup()
    from django.utils import timezone, translation

    from qalxan.foundation.access.permissions import Role
    from qalxan.foundation.accounts.installation import NewPost, fill_posts
    from qalxan.foundation.accounts.models import User
    from qalxan.modules.reporting.models import Return
    from qalxan.shell.demo.load import load_demo
    from tests.drill.load import WRITER

    now = timezone.now()
    with translation.override("en"):
        load_demo(now, report=False)
        User.objects.create_user(WRITER, None, name="Uydurma Yazan", is_demo=True)
        silent = Return.objects.filter(state="not_opened").order_by("id").first()
        fill_posts([NewPost(WRITER, Role.FOCAL_POINT, silent.body_id, now - dt.timedelta(days=1))])


if __name__ == "__main__":
    main()
