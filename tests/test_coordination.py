"""Coordination: agreed agendas, quorum, tasks, quarters, outside recommendations; who sees what, and what each rule refuses."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from qalxan.foundation.access.actor import SYSTEM
from qalxan.foundation.access.guard import Absent, Refused
from qalxan.foundation.audit.models import Entry
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.meetings import PeriodState, latest_day, periods, quorum
from qalxan.modules.coordination import policy, public
from qalxan.modules.coordination.models import (
    Forum,
    Meeting,
    Membership,
    Recommendation,
    RecommendationAnswer,
    RecommendationStep,
    Task,
    TaskStep,
)
from qalxan.modules.coordination.operations import forums, meetings, recommendations, tasks
from qalxan.modules.coordination.operations.meetings import Sat
from qalxan.modules.coordination.queries import board as boards
from qalxan.modules.coordination.queries import meetings as meeting_queries
from qalxan.modules.coordination.queries import recommendations as recommendation_queries
from qalxan.modules.coordination.queries import tasks as task_queries
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 6, 20)
LATER = NOW + dt.timedelta(days=1)
VOTING = ["DIN", "EESMN", "XIN", "SN", "ETN", "DMX", "BP"]
PERSONAS = ["koordinator", "ofis", "rinn", "din", "eesmn", "rehber", "kabinet", "konsul", "auditor", "statistika", "ombudsman", "telimci"]


@pytest.fixture
def forum():
    """A forum of seven voting seats (two thirds is five) and one observer."""
    made = Forum.objects.create(code="sinaq", kind="working_group", name_az="Sınaq", name_en="Trial", name_ru="Проба", since="2021-01-01")
    for code in VOTING:
        Membership.objects.create(forum=made, body_id=code)
    Membership.objects.create(forum=made, body_id="BT", capacity="observer")
    return made


def seats(forum):
    return {seat.body_id: seat.id for seat in forum.seats.filter(until=None)}


def present(forum, *codes, **others):
    found = seats(forum)
    return {**{found[c]: Sat("member") for c in codes}, **{found[c]: s for c, s in others.items()}}


@pytest.fixture
def agreed(forum, act_as):
    """A meeting whose agenda the coordinator agreed."""
    office = {"actor": act_as("ofis"), "now": LATER}
    meeting = meetings.plan_meeting(**office, forum=forum.code, day=DAY, time=dt.time(11, 0), place="Zal")
    meetings.add_point(**office, meeting_id=meeting.id, title="Birinci məsələ", measures=[])
    meetings.agree_agenda(actor=act_as("koordinator"), now=LATER, meeting_id=meeting.id)
    return meeting


@pytest.fixture
def held(forum, agreed, act_as):
    meetings.hold_meeting(actor=act_as("ofis"), now=LATER, meeting_id=agreed.id, sat=present(forum, *VOTING[:5]))
    agreed.refresh_from_db()
    return agreed


@pytest.fixture
def task(held, act_as):
    """A task of a body that has no seat in the forum."""
    return tasks.decide(
        actor=act_as("ofis"),
        now=LATER,
        meeting_id=held.id,
        text="Siyahını hazırlamaq",
        owner="RINN",
        due_on=dt.date(2022, 6, 25),
        measures=[],
    )


# arithmetic


def test_two_thirds_is_rounded_up_and_a_group_without_votes_never_decides():
    assert [quorum(0, n, 2, 3).needed for n in range(8)] == [0, 1, 2, 2, 3, 4, 4, 5]
    assert quorum(5, 7, 2, 3).reached
    assert not quorum(4, 7, 2, 3).reached
    assert not quorum(0, 0, 2, 3).reached
    assert all(quorum(p, n, 2, 3).reached == (3 * p >= 2 * n) for n in range(1, 60) for p in range(n + 1))


def test_a_date_is_as_late_as_its_source_leaves_possible():
    assert [latest_day(d) for d in ("2022", "2023-02", "2023-05-17")] == [dt.date(2022, 12, 31), dt.date(2023, 2, 28), dt.date(2023, 5, 17)]


def test_a_quarter_is_missing_only_once_it_has_ended_and_only_where_it_was_owed():
    on = lambda today, since="2021", held=(): [p.state.value for p in periods(2023, 3, since, held, today)]  # noqa: E731
    assert on(dt.date(2023, 6, 30)) == ["missing", "due", "ahead", "ahead"]
    assert on(dt.date(2023, 7, 1)) == ["missing", "missing", "due", "ahead"]
    assert on(dt.date(2024, 1, 1), "2023-05", [dt.date(2023, 12, 31)]) == ["not_owed", "not_owed", "missing", "met"]
    assert on(dt.date(2024, 1, 1), "2024", [dt.date(2023, 2, 1)])[0] == PeriodState.MET


# agenda and quorum


def test_a_meeting_cannot_be_held_before_the_coordinator_agreed_its_agenda(forum, act_as):
    office = {"actor": act_as("ofis"), "now": LATER}
    meeting = meetings.plan_meeting(**office, forum=forum.code, day=DAY, time=None, place="")
    with pytest.raises(RuleBroken):
        meetings.agree_agenda(actor=act_as("koordinator"), now=LATER, meeting_id=meeting.id)
    meetings.add_point(**office, meeting_id=meeting.id, title="Məsələ", measures=[])
    with pytest.raises(RuleBroken):
        meetings.hold_meeting(**office, meeting_id=meeting.id, sat=present(forum, *VOTING))
    with pytest.raises(Refused):
        meetings.agree_agenda(**office, meeting_id=meeting.id)
    meetings.agree_agenda(actor=act_as("koordinator"), now=LATER, meeting_id=meeting.id)
    assert meetings.hold_meeting(**office, meeting_id=meeting.id, sat=present(forum, *VOTING)).reached


@pytest.mark.parametrize("change", ["add", "remove", "raise"])
def test_any_change_of_the_agenda_takes_the_agreement_back(agreed, act_as, change):
    office = {"actor": act_as("ofis"), "now": LATER, "meeting_id": agreed.id}
    if change == "add":
        meetings.add_point(**office, title="Yeni", measures=[])
    else:
        meetings.change_point(**office, item_id=agreed.agenda.get().id, change=change)
    agreed.refresh_from_db()
    assert (agreed.state, agreed.agreed_by, agreed.agreed_at) == ("planned", None, None)


def test_points_move_and_leave_and_keep_their_order(agreed, act_as):
    office = {"actor": act_as("ofis"), "now": LATER, "meeting_id": agreed.id}
    second, third = (meetings.add_point(**office, title=t, measures=[]) for t in ("İkinci", "Üçüncü"))
    meetings.change_point(**office, item_id=third.id, change="raise")
    meetings.change_point(**office, item_id=second.id, change="remove")
    assert list(agreed.agenda.values_list("position", "title")) == [(1, "Birinci məsələ"), (2, "Üçüncü")]
    with pytest.raises(Absent):
        meetings.change_point(**office, item_id=third.id, change="explode")


def test_four_of_seven_are_refused_with_the_numbers_and_five_are_enough(forum, agreed, act_as):
    office = {"actor": act_as("ofis"), "now": LATER, "meeting_id": agreed.id}
    with pytest.raises(RuleBroken) as refused:
        meetings.hold_meeting(**office, sat=present(forum, *VOTING[:4]))
    assert str(refused.value) == "There is no quorum: 4 present, 5 needed of 7 voting members."
    assert not agreed.attendance.exists()
    found = meetings.hold_meeting(**office, sat=present(forum, *VOTING[:4], BP=Sat("alternate")))
    assert (found.present, found.needed, found.members) == (5, 5, 7)
    assert agreed.attendance.filter(presence="absent").count() == 3


def test_an_observer_is_no_help_to_the_quorum(forum, agreed, act_as):
    with pytest.raises(RuleBroken):
        meetings.hold_meeting(actor=act_as("ofis"), now=LATER, meeting_id=agreed.id, sat=present(forum, *VOTING[:4], "BT"))


def test_the_quorum_counts_the_seats_in_force_on_the_day_of_the_meeting(forum, agreed, act_as):
    for code in VOTING[5:]:
        forums.end_seat(actor=act_as("ofis"), now=LATER, forum=forum.code, body=code, until=DAY - dt.timedelta(days=1))
    forums.set_seat(
        actor=act_as("ofis"),
        now=LATER,
        forum=forum.code,
        body="AQUPDK",
        capacity="voting",
        member=None,
        alternate=None,
        since=DAY + dt.timedelta(days=1),
    )
    found = meetings.hold_meeting(actor=act_as("ofis"), now=LATER, meeting_id=agreed.id, sat=present(forum, *VOTING[:4]))
    assert (found.needed, found.members) == (4, 5)


def test_a_seat_of_another_forum_or_day_cannot_be_counted(forum, agreed, act_as):
    with pytest.raises(RuleBroken):
        meetings.hold_meeting(actor=act_as("ofis"), now=LATER, meeting_id=agreed.id, sat={**present(forum, *VOTING), 10**9: Sat("member")})


def test_a_day_to_come_cannot_be_recorded_as_held(forum, agreed, act_as):
    before = dt.datetime(2022, 6, 19, 19, 0, tzinfo=dt.UTC)  # 23:00 in Baku, still the day before
    actor = act_as("ofis")
    with pytest.raises(RuleBroken):
        meetings.hold_meeting(actor=actor, now=before, meeting_id=agreed.id, sat=present(forum, *VOTING))
    assert meetings.hold_meeting(actor=actor, now=before + dt.timedelta(hours=1), meeting_id=agreed.id, sat=present(forum, *VOTING)).reached


def test_a_dissenting_opinion_is_kept_with_the_seat(forum, agreed, act_as):
    meetings.hold_meeting(
        actor=act_as("ofis"), now=LATER, meeting_id=agreed.id, sat=present(forum, *VOTING[:5], BT=Sat("member", "Razı deyil"))
    )
    page = meeting_queries.meeting_page(act_as("din"), agreed.id, DAY)
    assert {s.body: s.dissent for s in page.sittings if s.dissent} == {"BT": "Razı deyil"}
    assert page.quorum == quorum(5, 7, 2, 3)


def test_a_held_meeting_can_neither_move_nor_be_cancelled_and_approved_minutes_close_it(forum, held, act_as):
    office = {"actor": act_as("ofis"), "now": LATER, "meeting_id": held.id}
    for write in (
        lambda: meetings.move_meeting(**office, day=DAY, time=None, place=""),
        lambda: meetings.cancel_meeting(**office, reason="səbəb"),
        lambda: meetings.add_point(**office, title="gec", measures=[]),
        lambda: meetings.approve_minutes(actor=act_as("koordinator"), now=LATER, meeting_id=held.id),
    ):
        with pytest.raises(RuleBroken):
            write()
    meetings.write_minutes(**office, text="Protokol")
    with pytest.raises(Refused):
        meetings.approve_minutes(**office)
    meetings.approve_minutes(actor=act_as("koordinator"), now=LATER, meeting_id=held.id)
    for write in (
        lambda: meetings.write_minutes(**office, text="başqa"),
        lambda: meetings.hold_meeting(**office, sat=present(forum, *VOTING)),
        lambda: tasks.decide(**office, text="gec", owner="DIN", due_on=DAY, measures=[]),
    ):
        with pytest.raises(RuleBroken):
            write()


def test_a_cancelled_meeting_says_why_and_frees_its_day(forum, agreed, act_as):
    office = {"actor": act_as("ofis"), "now": LATER}
    with pytest.raises(RuleBroken):
        meetings.plan_meeting(**office, forum=forum.code, day=DAY, time=None, place="")
    with pytest.raises(RuleBroken):
        meetings.cancel_meeting(**office, meeting_id=agreed.id, reason="  ")
    meetings.cancel_meeting(**office, meeting_id=agreed.id, reason="Kvorum yoxdur")
    assert meetings.plan_meeting(**office, forum=forum.code, day=DAY, time=None, place="").id != agreed.id


# seats


def test_a_change_of_people_ends_the_row_and_begins_another(forum, held, act_as):
    from qalxan.foundation.accounts.models import User

    person = User.objects.get(email="din@demo.example").id
    given = {"actor": act_as("ofis"), "now": LATER, "forum": forum.code, "body": "DIN", "capacity": "voting", "alternate": None}
    with pytest.raises(RuleBroken):
        forums.set_seat(**given, member=person, since=DAY)  # a held meeting counts on the old row
    forums.set_seat(**given, member=person, since=DAY + dt.timedelta(days=5))
    rows = list(forum.seats.filter(body_id="DIN").order_by("id").values_list("member_id", "since", "until"))
    assert rows == [(None, None, DAY + dt.timedelta(days=4)), (person, DAY + dt.timedelta(days=5), None)]
    with pytest.raises(RuleBroken):
        forums.set_seat(**given, member=None, since=DAY + dt.timedelta(days=1))
    with pytest.raises(RuleBroken):
        forums.set_seat(**{**given, "alternate": person}, member=person, since=DAY + dt.timedelta(days=9))


def test_a_seat_is_never_deleted_and_stands_once_at_a_time(forum):
    with pytest.raises(ProgrammingError), transaction.atomic():
        Membership.objects.filter(forum=forum).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(forum=forum, body_id="DIN")


# tasks


def test_decisions_need_a_held_meeting_and_a_day_not_before_it(agreed, held, act_as):
    given = {"actor": act_as("ofis"), "now": LATER, "text": "Qərar", "measures": []}
    with pytest.raises(RuleBroken):
        tasks.decide(**given, meeting_id=held.id, owner="DIN", due_on=DAY - dt.timedelta(days=1))
    with pytest.raises(RuleBroken):
        tasks.decide(**given, meeting_id=held.id, owner="YOXDUR", due_on=DAY)
    planned = meetings.plan_meeting(actor=act_as("ofis"), now=LATER, forum="sinaq", day=dt.date(2022, 9, 1), time=None, place="")
    with pytest.raises(RuleBroken):
        tasks.decide(**given, meeting_id=planned.id, owner="DIN", due_on=dt.date(2022, 9, 2))
    assert [tasks.decide(**given, meeting_id=held.id, owner="DIN", due_on=DAY).number for _ in range(2)] == [1, 2]


def test_only_the_owner_reports_and_a_member_without_the_task_is_told_so(task, act_as):
    given = {"now": LATER, "task_id": task.id, "text": "Hazırdır", "done": True}
    with pytest.raises(Refused):
        tasks.report_on(actor=act_as("ofis"), **given)
    with pytest.raises(Refused):
        tasks.report_on(actor=act_as("din"), **given)  # sees it through its seat
    with pytest.raises(Refused):
        tasks.drop_task(actor=act_as("rinn"), now=LATER, task_id=task.id, reason="istəmirik")
    tasks.report_on(actor=act_as("rinn"), **{**given, "done": False})
    tasks.report_on(actor=act_as("rehber"), **given)
    task.refresh_from_db()
    assert task.state == "done"
    with pytest.raises(RuleBroken):
        tasks.report_on(actor=act_as("rinn"), **given)
    tasks.reopen_task(actor=act_as("ofis"), now=LATER, task_id=task.id, reason="Yarımçıqdır")
    tasks.drop_task(actor=act_as("ofis"), now=LATER, task_id=task.id, reason="Ehtiyac qalmayıb")
    assert list(task.steps.values_list("kind", flat=True)) == ["progress", "done", "reopened", "dropped"]


def test_a_body_without_seat_or_task_does_not_learn_that_the_task_exists(task, act_as):
    from qalxan.foundation.accounts.models import Post

    assert Post.objects.filter(user__email="eesmn@demo.example", ends_at=None).exists()
    Membership.objects.filter(body_id="EESMN").update(until=DAY - dt.timedelta(days=30))
    for write in (
        lambda a: tasks.report_on(actor=a, now=LATER, task_id=task.id, text="x", done=True),
        lambda a: task_queries.task_page(a, task.id, DAY),
        lambda a: meeting_queries.meeting_page(a, task.meeting_id, DAY),
    ):
        with pytest.raises(Absent):
            write(act_as("eesmn"))


def test_a_successor_answers_for_the_task_of_the_body_it_followed(held, act_as):
    old = tasks.decide(actor=act_as("ofis"), now=LATER, meeting_id=held.id, text="Köhnə", owner="NRYTN", due_on=DAY, measures=[])
    tasks.report_on(actor=act_as("rinn"), now=LATER, task_id=old.id, text="Edildi", done=True)
    assert [t.id for t in public.tasks_of_body(act_as("rinn"), "RINN", DAY)] == []


def test_tasks_of_a_body_are_open_ones_with_the_overdue_first(task, held, act_as):
    new = tasks.decide(
        actor=act_as("ofis"), now=LATER, meeting_id=held.id, text="Yeni", owner="RINN", due_on=dt.date(2022, 6, 24), measures=[]
    )
    rows = public.tasks_of_body(act_as("rinn"), "RINN", dt.date(2022, 6, 25))
    assert [(r.id, r.overdue) for r in rows] == [(new.id, True), (task.id, False)]
    assert public.tasks_of_body(act_as("rinn"), "DIN", DAY) == []


@pytest.mark.parametrize("table", ["taskstep", "recommendationstep", "recommendationanswer"])
@pytest.mark.parametrize("verb", ["UPDATE coordination_{} SET at = now()", "DELETE FROM coordination_{}"])
def test_what_was_said_can_only_be_added_to(table, verb):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


# sight


@pytest.mark.parametrize("who", PERSONAS)
def test_scope_and_may_see_give_one_answer(forum, task, act_as, who):
    other = Forum.objects.create(code="basqa", kind="commission", name_az="B", name_en="O", name_ru="Д", since="2022")
    for n, (body, since, until) in enumerate(
        [("EESMN", None, dt.date(2022, 3, 1)), ("NRYTN", dt.date(2022, 4, 1), None), ("XIN", dt.date(2022, 2, 1), dt.date(2022, 5, 1))]
    ):
        Membership.objects.create(forum=other, body_id=body, since=since, until=until)
        for day in (dt.date(2022, 1, 10 + n), dt.date(2022, 3, 1 + n), dt.date(2022, 4, 30 + n - 2), dt.date(2022, 8, 1 + n)):
            meeting = Meeting.objects.create(forum=other, day=day)
            Task.objects.create(meeting=meeting, number=1, text="t", owner_id=("DIN", "RINN", "SN")[n], due_on=day)
    actor = act_as(who)
    seen = set(Meeting.objects.filter(policy.meeting_scope(actor)).values_list("id", flat=True))
    assert {m.id for m in Meeting.objects.all() if policy.may_see_meeting(actor, m)} == seen
    owed = set(Task.objects.filter(policy.task_scope(actor)).values_list("id", flat=True))
    assert {t.id for t in Task.objects.all() if policy.may_see_task(actor, t)} == owed
    if who in ("koordinator", "auditor"):
        assert len(seen) == 13
    if who == "eesmn":
        assert 0 < len(seen) < 13
    if who in ("konsul", "telimci", "statistika"):
        assert seen == owed == set()


def test_the_board_of_a_body_without_a_seat_tells_no_meeting_of_it(task, act_as):
    Forum.objects.filter(code="sinaq").update(since="2021")
    mine, theirs = (public.board(act_as(w), 2022, dt.date(2022, 7, 2)) for w in ("din", "rinn"))
    card = lambda b: next(f for f in b.forums if f.code == "sinaq")  # noqa: E731
    assert (card(mine).sees, card(mine).missing, card(mine).due_by) == (True, 1, "30 September 2022")
    assert [p.state for p in card(mine).periods] == ["missing", "met", "due", "ahead"]
    assert (card(theirs).sees, card(theirs).last, card(theirs).periods) == (False, None, ())
    assert [t.id for t in theirs.overdue] == [task.id]
    assert [p.place for p in boards.quarters_without_meeting(Forum.objects.get(code="sinaq"), 2022, dt.date(2023, 1, 1))] == [1, 3, 4]


# recommendations


@dataclass(frozen=True, slots=True)
class _Filing:
    id: int
    body: str
    body_name: str
    year: int
    measure_label: str
    text: str


def _filings(actor, measure_ids, year):
    return [_Filing(n, "DIN", f"Body {n}", year, "4.1.3", f"Done {n}") for n in (7, 9)] if measure_ids and year == 2021 else []


@pytest.fixture
def seeded(act_as):
    public.load_seed(actor=act_as("koordinator"), now=LATER)
    return Recommendation.objects.get(code="cop-2018-statistics")


def test_the_delivered_forums_and_recommendations_are_loaded_once_and_left_alone_after(seeded, act_as):
    counts = lambda: [m.objects.count() for m in (Forum, Membership, Recommendation, RecommendationAnswer)]  # noqa: E731
    before = counts()
    Recommendation.objects.filter(id=seeded.id).update(text_az="Düzəldilib")
    assert public.load_seed(actor=SYSTEM, now=LATER) == 0
    assert counts() == before
    assert Recommendation.objects.get(id=seeded.id).text_az == "Düzəldilib"
    assert before[2] >= 30
    with pytest.raises(Refused):
        public.load_seed(actor=act_as("rinn"), now=LATER)


def test_every_delivered_recommendation_is_in_three_languages_and_tied_to_measures(seeded):
    for row in Recommendation.objects.exclude(code=None).prefetch_related("measures"):
        assert all((row.text_az, row.text_en, row.text_ru)), row.code
        assert row.measures.all(), row.code
        assert row.year or row.note_en, f"{row.code} has no year and does not say why"
    assert {m.number for m in seeded.measures.all()} == {"4.1.12", "4.3.1"}
    assert seeded.answers.get().given_on == "2019"


def test_the_working_group_is_made_of_executing_and_recommended_bodies_of_today(seeded):
    group = Forum.objects.get(code="isci-qrup")
    voting = set(group.seats.filter(capacity="voting").values_list("body_id", flat=True))
    assert {"DIN", "EESMN", "RINN", "BP", "AM"} <= voting
    assert not voting & {"NRYTN", "YIHO", "DIGER", "BT", "MK"}
    assert set(group.seats.filter(capacity="observer").values_list("body_id", flat=True)) == {"IXT_QHT", "BT"}
    assert group.chair_id == "BAS"
    commission = Forum.objects.get(code="komissiya")
    assert (commission.chair_id, commission.seats.filter(capacity="voting").count()) == (None, 0)


def test_a_status_keeps_its_reason_and_the_newest_counts(seeded, act_as):
    given = {"actor": act_as("ofis"), "now": LATER, "recommendation_id": seeded.id}
    for status, day, reason in (("partly", DAY, ""), ("partly", dt.date(2022, 7, 4), "sabah")):
        with pytest.raises(RuleBroken):
            recommendations.judge(**given, status=status, day=day, reason=reason)
    recommendations.judge(**given, status="partly", day=DAY, reason="Baza var, QHT məlumatı yoxdur")
    recommendations.judge(**given, status="met", day=NOW.date(), reason="Hamısı gəlir")
    with pytest.raises(RuleBroken):
        recommendations.judge(**given, status="open", day=DAY, reason="geri")
    page = recommendation_queries.recommendation_page(act_as("kabinet"), seeded.id, _filings)
    assert (page.row.status, [h.status for h in page.history]) == ("met", ["met", "partly"])
    assert [r.id for r in recommendation_queries.recommendation_list(act_as("kabinet"), status="met")] == [seeded.id]
    assert dict((s, n) for s, _, n in public.status_counts(act_as("kabinet")))["met"] == 1


def _reply(**changes):
    plain = {"addressee": "GRETA", "document": "", "given_on": DAY, "text": "", "filings": [9, 7], "year": 2021}
    return recommendations.Reply(**{**plain, **changes})


def test_one_filing_is_reused_in_every_answer_without_typing_it_again(seeded, act_as):
    given = {"actor": act_as("ofis"), "now": LATER, "source": _filings}
    other = Recommendation.objects.get(code="tip-2025-figures")
    first = recommendations.answer(**given, recommendation_id=seeded.id, reply=_reply())
    second = recommendations.answer(**given, recommendation_id=other.id, reply=_reply(addressee="US", filings=[7], text="Öz sözümüz"))
    assert (first.filings, first.year, first.text_az) == ([9, 7], 2021, "Body 9 (4.1.3, 2021): Done 9\n\nBody 7 (4.1.3, 2021): Done 7")
    assert (second.filings, second.text_az) == ([7], "Öz sözümüz")
    offered = recommendation_queries.filings(act_as("ofis"), other.id, _filings, 2021)
    assert [(f.id, f.used) for f in offered] == [(7, 2), (9, 1)]
    page = recommendation_queries.recommendation_page(act_as("kabinet"), seeded.id, _filings)
    assert [f.id for f in page.answers[0].cited] == [9, 7]


@pytest.mark.parametrize("changes", [{"filings": [8]}, {"filings": [7], "year": 2020}, {"filings": []}, {"given_on": dt.date(2023, 1, 1)}])
def test_an_answer_out_of_filings_that_are_not_offered_is_refused(seeded, act_as, changes):
    with pytest.raises(RuleBroken):
        recommendations.answer(actor=act_as("ofis"), now=LATER, recommendation_id=seeded.id, reply=_reply(**changes), source=_filings)
    assert seeded.answers.count() == 1


# pages


@pytest.fixture
def places(forum, task, agreed, seeded):
    """Every page with arguments that exist."""
    meeting, advice = {"meeting_id": task.meeting_id}, {"recommendation_id": seeded.id}
    made = {name: {"code": forum.code} for name in ("forum", "seat", "plan_meeting")}
    made |= {name: meeting for name in ("meeting", "move", "agenda", "attendance", "decide", "minutes")}
    made |= {name: advice for name in ("recommendation", "edit_recommendation", "answer")}
    made |= {"board": {}, "tasks": {}, "recommendations": {}, "new_recommendation": {}, "task": {"task_id": task.id}}
    return {name: reverse(f"coordination:{name}", kwargs=arguments) for name, arguments in made.items()}


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_every_page_opens_for_the_office(places, enter, language):
    client = enter("ofis", language)
    assert {name: client.get(address).status_code for name, address in places.items()} == dict.fromkeys(places, 200)


def test_a_focal_point_opens_what_their_body_may_see(places, enter):
    member, outsider = enter("din"), enter("rinn")
    assert member.get(places["meeting"]).status_code == 200
    assert outsider.get(places["meeting"]).status_code == 404
    assert "Report for your body" in outsider.get(places["task"]).content.decode()
    assert "Report for your body" not in member.get(places["task"]).content.decode()
    assert {outsider.get(places[n]).status_code for n in ("board", "forum", "tasks", "task", "recommendations", "recommendation")} == {200}
    assert {outsider.get(places[n]).status_code for n in ("seat", "agenda", "attendance", "minutes", "decide", "answer")} == {403}
    assert enter("konsul").get(places["board"]).status_code == 403


def test_a_meeting_goes_from_plan_to_task_through_the_pages(forum, enter):
    office, boss, body = enter("ofis"), enter("koordinator"), enter("rinn")
    today = timezone.localdate().isoformat()
    answer = office.post("/coordination/forums/sinaq/meetings/new/", {"day": today, "time": "11:00", "place": "Zal"})
    meeting = Meeting.objects.get(forum=forum)
    assert answer.headers["Location"] == f"/coordination/meetings/{meeting.id}/agenda/"
    base = f"/coordination/meetings/{meeting.id}"
    office.post(f"{base}/agenda/", {"title": "Məsələ"})
    assert office.post(f"{base}/agree/").status_code == 403
    boss.post(f"{base}/agree/")
    few = {
        f"seat-{seat}-presence": "member" if n < 4 else "absent" for n, seat in enumerate(seats(forum)[code] for code in [*VOTING, "BT"])
    }
    refused = office.post(f"{base}/attendance/", few)
    assert refused.status_code == 422
    assert "4 present, 5 needed of 7" in refused.content.decode()
    assert refused.content.decode().count('value="member" selected') == 4, "the form stays as it was filled"
    office.post(f"{base}/attendance/", dict.fromkeys(few, "alternate"))
    office.post(f"{base}/decide/", {"text": "Qərar", "owner": "RINN", "due_on": today})
    task = Task.objects.get(meeting=meeting)
    assert body.post(f"/coordination/tasks/{task.id}/report/", {"text": "Edildi", "done": "on"}).status_code == 302
    office.post(f"{base}/minutes/", {"text": "Protokol"})
    boss.post(f"{base}/approve/")
    meeting.refresh_from_db()
    task.refresh_from_db()
    assert (meeting.state, task.state) == ("approved", "done")
    events = set(Entry.objects.filter(event__startswith="coordination.").values_list("event", flat=True))
    assert events >= {
        f"coordination.{e}" for e in ("meeting_planned", "agenda_set", "agenda_agreed", "meeting_held", "decision_made", "task_reported")
    }
    assert not [
        e for e in Entry.objects.filter(event__startswith="coordination.") if "Edildi" in str(e.detail) or "Protokol" in str(e.detail)
    ]


def test_an_answer_is_put_together_on_its_page_from_ticked_filings(seeded, enter, monkeypatch):
    from qalxan.modules.coordination.web import recommendations as web

    monkeypatch.setattr(web, "FILINGS", _filings)
    office, where = enter("ofis"), reverse("coordination:answer", args=[seeded.id])
    assert "Body 7: Done 7" in office.get(f"{where}?year=2021").content.decode()
    given = {"addressee": "GRETA", "given_on": "2022-01-01", "filings": ["9"]}
    assert office.post(f"{where}?year=2021", {**given, "filings": ["8"]}).status_code == 200, "not offered: the form is shown again"
    assert office.post(f"{where}?year=2021", given).status_code == 302
    assert seeded.answers.get(addressee="GRETA").filings == [9]
    assert "Made of 1 filing: Body 9, 4.1.3, 2021" in office.get(reverse("coordination:recommendation", args=[seeded.id])).content.decode()


def test_filters_of_recommendations_stand_in_the_address(seeded, enter):
    client = enter("kabinet")
    measure = seeded.measures.get(number="4.1.12").id
    page = client.get(f"/coordination/recommendations/?source=cop&measure={measure}").content.decode()
    assert "2 recommendations" in page
    assert "CP(2018)24" in page
    assert "GRETA(2018)17" not in page
    assert "No recommendation fits" in client.get("/coordination/recommendations/?status=met").content.decode()


@pytest.mark.parametrize("bad", ["0", "99999999999999999999", "777777"])
def test_an_address_of_nothing_is_not_found(enter, bad):
    client = enter("ofis")
    for place in ("meetings", "tasks", "recommendations"):
        assert client.get(f"/coordination/{place}/{bad}/").status_code == 404
    for place, data in {
        f"meetings/{bad}/agree": {}, f"meetings/{bad}/cancel": {"reason": "x"}, f"tasks/{bad}/close": {"reason": "x"}, f"tasks/{bad}/close/x": {},
        f"recommendations/{bad}/status": {"status": "met", "day": "2022-01-01", "reason": "x"}, f"recommendations/{bad}/answer": {"addressee": "x"},
        "forums/yoxdur/seat": {"body": "DIN"}, "forums/yoxdur/meetings/new": {"day": "2022-01-01"}, "forums/yoxdur/seat/end": {"body": "x", "until": "2022-01-01"},
    }.items():  # fmt: skip
        assert enter("koordinator").post(f"/coordination/{place}/", data).status_code == 404, place


@pytest.mark.parametrize("bad", ["²", "\0", "9" * 30, "' OR 1=1 --", "<script>alert(1)</script>", "-1", ""])
def test_bad_input_is_a_sentence_and_never_a_traceback(places, agreed, forum, seeded, enter, bad):
    client = enter("ofis")
    asked = bad.replace("\0", "x")
    for address in (
        f"/coordination/?year={asked}", f"/coordination/tasks/?body={asked}&state={asked}",
        f"/coordination/recommendations/?source={asked}&status={asked}&measure={asked}", f"{places['seat']}?body={asked}", f"{places['answer']}?year={asked}",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b"<script>alert" not in answer.content
    fields = ("body", "capacity", "member", "alternate", "since", "until", "day", "time", "place", "title", "measures", "change", "reason", "text",
              "owner", "due_on", "source", "year", "last_year", "text_az", "status", "addressee", "given_on", "filings")  # fmt: skip
    posts = [*places.values(), *(reverse(f"coordination:{n}", args=[agreed.id]) for n in ("cancel", "move"))]
    posts += [reverse("coordination:end_seat", args=[forum.code]), reverse("coordination:status", args=[seeded.id])]
    for address in posts:
        assert client.post(address, dict.fromkeys(fields, bad)).status_code in (200, 302, 404, 405, 422), address


@pytest.mark.parametrize(
    ("page", "most"),
    [("board", 16), ("forum", 16), ("meeting", 18), ("tasks", 14), ("task", 16), ("recommendations", 12), ("recommendation", 12)],
)
def test_a_page_asks_no_more_queries_when_there_is_more_to_show(places, held, act_as, enter, page, most, django_assert_max_num_queries):
    from django.test.utils import CaptureQueriesContext

    client = enter("din")
    client.get(places[page])
    with CaptureQueriesContext(connection) as few:
        client.get(places[page])
    actor = act_as("ofis")
    for n in range(12):
        tasks.decide(actor=actor, now=LATER, meeting_id=held.id, text=f"t{n}", owner="DIN", due_on=DAY, measures=[])
        meetings.plan_meeting(actor=actor, now=LATER, forum="sinaq", day=dt.date(2023, 1, 1 + n), time=None, place="")
    RecommendationStep.objects.bulk_create(
        RecommendationStep(recommendation=r, status="met", day=DAY, reason="r", at=LATER) for r in Recommendation.objects.all()
    )
    TaskStep.objects.create(task=held.tasks.first(), kind="progress", text="x", at=LATER)
    with CaptureQueriesContext(connection) as many:
        client.get(places[page])
    assert len(many) <= len(few) + 1, [q["sql"][:90] for q in many]  # the names of people who spoke are one query more
    assert len(many) <= most, len(many)


def test_the_same_point_removed_twice_is_removed_once(agreed, enter):
    client, item = enter("ofis"), agreed.agenda.get().id
    where = f"/coordination/meetings/{agreed.id}/agenda/"
    assert [client.post(where, {"change": f"remove:{item}"}).status_code for _ in range(2)] == [302, 404]
