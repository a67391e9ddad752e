"""The demonstration country: invented people, and the three programmes with short titles of our own."""

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from qalxan.foundation.accounts.installation import NewPost, fill_posts
from qalxan.foundation.accounts.models import User
from qalxan.foundation.accounts.queries import actor_of
from qalxan.modules.coordination import public as coordination
from qalxan.modules.plans import public as plans
from qalxan.shell.demo.people import PEOPLE
from qalxan.shell.demo.report import load_report
from qalxan.shell.demo.returns import load_figures, load_returns

DATA = Path(__file__).parent / "data"
PASSWORD = "nümunə-parol-2026"  # noqa: S105 - printed at start; demonstration accounts only


def load_demo(now: dt.datetime, *, report: bool = True) -> list[tuple[str, str]]:
    """Make what is missing of the demonstration, with the sealed report of 2020 unless told otherwise; gives (e-mail, role) of each account."""
    load_people(now)
    _load_country(now, report)
    return [(person.email, person.role.label) for person in PEOPLE]


def load_people(now: dt.datetime) -> None:
    """Make the accounts that are missing, and fill their posts the installation's way."""
    for person in PEOPLE:
        if not User.objects.filter(email=person.email).exists():
            User.objects.create_user(person.email, PASSWORD, name=person.name, is_demo=True)
    fill_posts(NewPost(person.email, person.role, person.body, now) for person in PEOPLE)


@transaction.atomic
def _load_country(now: dt.datetime, report: bool) -> None:
    coordinator = actor_of(User.objects.get(email=PEOPLE[0].email).id, now)
    for item in json.loads((DATA / "plans.json").read_text(encoding="utf-8")):
        plans.load_reading(actor=coordinator, now=now, titles=_titles(item["titles"]), **{k: v for k, v in item.items() if k != "titles"})
    plans.load_treaty_titles(_rows("treaties.csv"))
    coordination.load_seed(actor=coordinator, now=now)
    load_figures(coordinator, now)
    load_returns(coordinator)
    if report:
        load_report(coordinator)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _titles(name: str) -> list[dict[str, Any]]:
    return list(_rows(name))
