"""Returns: windows, silence, answers that lose no word, decisions, voices, workbooks."""

import datetime as dt
import io
import itertools
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qalxan.foundation.access.actor import Actor, HeldPost
from qalxan.foundation.access.guard import Absent, Refused
from qalxan.foundation.access.permissions import Role
from qalxan.foundation.accounts.models import User
from qalxan.foundation.audit.models import Entry
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.silence import Ear, Silence, ears, of_answer, of_return, opens_and_due
from qalxan.modules.plans.models import Duty, Plan
from qalxan.modules.reporting import policy
from qalxan.modules.reporting.choices import RatingValue, ReturnState, Voice
from qalxan.modules.reporting.models import Answer, AnswerVersion, Counter, Indicator, Parked, Rating, Reminder, Return, Value, Window
from qalxan.modules.reporting.operations import returns, voices, windows
from qalxan.modules.reporting.operations import workbook as workbooks
from qalxan.modules.reporting.operations.answers import Words, merge, save_answer
from qalxan.modules.reporting.operations.counters import declare_counter
from qalxan.modules.reporting.operations.reminders import remind_late
from qalxan.modules.reporting.queries import board as boards
from qalxan.modules.reporting.queries.returns import answer_page, my_returns, return_page
from qalxan.modules.reporting.queries.workbook import workbook
from qalxan.modules.reporting.queries.years import add, counted_figures, filings_for_measures, silence_table

pytestmark = pytest.mark.django_db
OPENED = dt.datetime(2024, 1, 2, 9, tzinfo=dt.UTC)
DUE = dt.date(2024, 1, 20)
JANUARY = dt.datetime(2024, 1, 10, 9, tzinfo=dt.UTC)
days = st.dates(dt.date(2023, 1, 1), dt.date(2025, 12, 31))


@pytest.fixture
def window(act_as):
    plan = Plan.objects.get(code="MFP-2020")
    return windows.open_window(actor=act_as("koordinator"), now=OPENED, plan=plan, year=2023, opens_on=OPENED.date(), due_on=DUE)


@pytest.fixture
def of(window):
    return Return.objects.get(window=window, body_id="RINN")


@pytest.fixture
def cast(act_as):
    return {
        who: act_as(who, JANUARY)
        for who in (
            "koordinator",
            "ofis",
            "rinn",
            "din",
            "rehber",
            "kabinet",
            "qiymet",
            "auditor",
            "konsul",
            "ombudsman",
            "statistika",
            "eesmn",
        )
    }


def fill(of, actor, now=JANUARY):
    for answer in of.answers.all():
        save_answer(
            actor=actor, now=now, answer_id=answer.id, version=answer.version, words=Words("answered", f"Görüldü {answer.id}.", "limited")
        )
    of.refresh_from_db()
    return of


# -- silence -----------------------------------------------------------------------------------------------------------
@given(st.booleans(), st.booleans(), st.booleans(), days, days, st.booleans())
def test_silence_is_late_only_after_the_due_day_and_never_once_answered(handed_in, refused, nothing, due, today, closed):
    found = of_return(
        handed_in=handed_in, refused=refused, all_nothing=nothing, due=due, today=today, opened=dt.date(2023, 1, 1), closed=closed
    )
    if refused:
        assert found is Silence.REFUSED
    elif handed_in:
        assert found is (Silence.NOTHING if nothing else Silence.ANSWERED)
    elif closed:
        assert found is Silence.NO_ANSWER
    else:
        assert (found is Silence.LATE) == (today > due)


@given(days, st.integers(0, 60))
def test_escalation_only_climbs(due, late):
    told = [ears(due, due + dt.timedelta(days=n)) for n in range(late + 1)]
    assert told[0] == ()
    assert all(set(a) <= set(b) for a, b in itertools.pairwise(told))
    assert (Ear.FOCAL_POINT in told[-1], Ear.DEPUTY in told[-1], Ear.HEAD in told[-1]) == (late > 0, late > 7, late > 14)


def test_a_duty_whose_term_ends_later_is_not_due_yet_and_an_unanswered_one_in_a_handed_in_return_is_no_answer():
    assert of_answer("", Silence.LATE, ends_later=True) is Silence.NOT_DUE
    assert of_answer("", Silence.LATE, ends_later=False) is Silence.LATE
    assert of_answer("", Silence.ANSWERED, ends_later=True) is Silence.NO_ANSWER
    assert of_answer("nothing", Silence.ANSWERED, ends_later=False) is Silence.NOTHING


def test_a_window_is_due_by_the_twentieth_of_january_by_default():
    assert opens_and_due(2020) == (dt.date(2021, 1, 1), dt.date(2021, 1, 20))


# -- windows -----------------------------------------------------------------------------------------------------------
def test_an_opened_window_asks_each_body_for_each_duty_once(window):
    owed = {
        d.id
        for d in Duty.objects.filter(plan=window.plan, period_start__year__lte=2023, period_end__year__gte=2023).exclude(state="withdrawn")
    }
    asked = list(Answer.objects.filter(of__window=window).values_list("duty_id", flat=True))
    groups = {d.id for d in Duty.objects.filter(id__in=owed, body__kind__in=["group", "open_list"])}
    assert len(asked) == len(set(asked)) > 100
    assert set(asked) == owed - groups
    assert windows.follow_duties(window) == (0, 0)


def test_a_successor_answers_for_a_body_that_ended(act_as):
    plan = Plan.objects.get(code="MFP-2020")
    window = windows.open_window(
        actor=act_as("koordinator"), now=OPENED, plan=plan, year=2021, opens_on=dt.date(2022, 1, 3), due_on=dt.date(2022, 1, 20)
    )
    found = set(Answer.objects.filter(of__window=window, of__body="RINN").values_list("duty__body", flat=True))
    assert found in ({"NRYTN"}, {"NRYTN", "RINN"})
    assert not Return.objects.filter(window=window, body="NRYTN").exists()


@pytest.mark.parametrize(
    ("year", "opens", "due"),
    [(2023, (2024, 2, 1), (2024, 1, 20)), (2023, (2022, 1, 1), (2024, 1, 20)), (1999, (2024, 1, 1), (2024, 1, 20))],
)
def test_a_window_out_of_order_or_without_duties_is_refused(act_as, year, opens, due):
    with pytest.raises(RuleBroken):
        windows.open_window(
            actor=act_as("koordinator"),
            now=OPENED,
            plan=Plan.objects.get(code="MFP-2020"),
            year=year,
            opens_on=dt.date(*opens),
            due_on=dt.date(*due),
        )
    assert not Window.objects.filter(year=year).exists()


def test_a_year_has_one_window(window, act_as):
    with pytest.raises(RuleBroken, match="already"):
        windows.open_window(actor=act_as("koordinator"), now=OPENED, plan=window.plan, year=2023, opens_on=OPENED.date(), due_on=DUE)


@pytest.mark.parametrize("who", ["ofis", "rinn", "kabinet", "qiymet", "auditor"])
def test_only_the_coordinator_opens_extends_and_closes(window, act_as, who):
    actor = act_as(who)
    for call in (
        lambda: windows.open_window(actor=actor, now=OPENED, plan=window.plan, year=2022, opens_on=OPENED.date(), due_on=DUE),
        lambda: windows.extend(actor=actor, now=OPENED, window_id=window.id, body="RINN", due_on=dt.date(2024, 2, 1), reason="x"),
        lambda: windows.close_window(actor=actor, now=OPENED, window_id=window.id),
    ):
        with pytest.raises(Refused):
            call()


def test_an_extension_needs_a_reason_and_a_later_day_and_silences_the_reminders(window, of, act_as):
    boss = act_as("koordinator")
    late = dt.datetime(2024, 1, 29, tzinfo=dt.UTC)
    remind_late(late)
    assert set(of.reminders.values_list("ear", flat=True)) == {"focal_point", "deputy_focal_point"}
    for due, reason in ((DUE, "x"), (dt.date(2024, 3, 1), "  ")):
        with pytest.raises(RuleBroken):
            windows.extend(actor=boss, now=late, window_id=window.id, body="RINN", due_on=due, reason=reason)
    windows.extend(actor=boss, now=late, window_id=window.id, body="RINN", due_on=dt.date(2024, 3, 1), reason="Köçmə")
    assert not of.reminders.exists()
    assert my_returns(act_as("rinn"), late.date())[0].silence is Silence.DUE


def test_a_window_cannot_close_over_a_return_that_waits_and_then_locks_what_is_approved(window, of, cast):
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=fill(of, cast["rinn"]).id)
    with pytest.raises(RuleBroken, match="RINN"):
        windows.close_window(actor=cast["koordinator"], now=JANUARY, window_id=window.id)
    returns.approve(actor=cast["ofis"], now=JANUARY, return_id=of.id)
    windows.close_window(actor=cast["koordinator"], now=JANUARY, window_id=window.id)
    of.refresh_from_db()
    assert of.state == ReturnState.LOCKED
    table = {r.body: r.silence for r in silence_table(cast["koordinator"], 2023, JANUARY.date())}
    assert table["RINN"] is Silence.ANSWERED
    assert table["DIN"] is Silence.NO_ANSWER


# -- answers -----------------------------------------------------------------------------------------------------------
def test_the_first_save_turns_a_return_into_a_draft(of, cast):
    answer = of.answers.first()
    assert save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=Words("answered", "Bir")).version == 1
    of.refresh_from_db()
    assert of.state == ReturnState.DRAFT


def test_who_saves_on_an_older_version_is_parked_and_no_word_is_lost(of, cast):
    answer = of.answers.first()
    first = save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=Words("answered", "Birinci"))
    second = save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=Words("answered", "İkinci"))
    assert (first.parked, second.parked) == (False, True)
    answer.refresh_from_db()
    assert answer.narrative == "Birinci"
    assert Parked.objects.get(answer=answer).words["narrative"] == "İkinci"
    with pytest.raises(RuleBroken):
        returns.submit(actor=cast["rinn"], now=JANUARY, return_id=fill_rest(of, cast["rinn"], answer))
    assert (
        merge(
            actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=answer.version, words=Words("answered", "Birinci və ikinci")
        ).parked
        is False
    )
    assert not Parked.objects.filter(settled_at=None).exists()


def fill_rest(of, actor, but):
    for answer in of.answers.exclude(id=but.id):
        save_answer(actor=actor, now=JANUARY, answer_id=answer.id, version=answer.version, words=Words("nothing", ""))
    return of.id


def test_saving_the_same_words_twice_changes_nothing(of, cast):
    answer = of.answers.first()
    words = Words("answered", "Eyni söz", "limited")
    save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=words)
    again = save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=words)
    assert (again.version, again.parked) == (1, False)


def test_typing_leaves_one_trace_and_another_hand_a_second(of, cast):
    answer, deputy = of.answers.first(), Actor(cast["konsul"].user_id, (HeldPost(9, Role.DEPUTY_FOCAL_POINT, "RINN"),))
    for n in range(5):
        save_answer(
            actor=cast["rinn"],
            now=JANUARY + dt.timedelta(seconds=n),
            answer_id=answer.id,
            version=n,
            words=Words("answered", "a" * (n + 1)),
        )
    save_answer(actor=deputy, now=JANUARY, answer_id=answer.id, version=5, words=Words("answered", "başqası"))
    assert list(AnswerVersion.objects.filter(answer=answer).order_by("id").values_list("narrative", flat=True)) == ["aaaaa", "başqası"]


@pytest.mark.parametrize(
    ("who", "expected"),
    [("din", Absent), ("kabinet", Absent), ("koordinator", Absent), ("qiymet", Absent), ("konsul", Absent), ("rehber", Refused)],
)
def test_nobody_but_the_body_reads_or_writes_a_draft(of, cast, who, expected):
    answer = fill(of, cast["rinn"]).answers.first()
    with pytest.raises(expected):
        save_answer(actor=cast[who], now=JANUARY, answer_id=answer.id, version=1, words=Words("answered", "Yad söz"))
    answer.refresh_from_db()
    assert "Yad" not in answer.narrative
    if who == "rehber":
        assert answer_page(cast[who], of.id, answer.id, JANUARY.date()).row.narrative == answer.narrative
    else:
        with pytest.raises((Absent, Refused)):
            answer_page(cast[who], of.id, answer.id, JANUARY.date())


READS = {
    ReturnState.NOT_OPENED: {"rinn", "rehber"}, ReturnState.DRAFT: {"rinn", "rehber"}, ReturnState.SUBMITTED: {"rinn", "rehber", "koordinator", "ofis", "qiymet"},
    ReturnState.RETURNED: {"rinn", "rehber", "koordinator", "ofis"}, ReturnState.REOPENED: {"rinn", "rehber", "koordinator", "ofis"},
    ReturnState.REFUSED: {"rinn", "rehber", "koordinator", "ofis"}, ReturnState.APPROVED: {"rinn", "rehber", "koordinator", "ofis", "qiymet", "kabinet", "auditor", "ombudsman"},
    ReturnState.LOCKED: {"rinn", "rehber", "koordinator", "ofis", "qiymet", "kabinet", "auditor", "ombudsman"},
}  # fmt: skip


@pytest.mark.parametrize("state", ReturnState.values)
def test_scope_and_may_see_give_one_answer_in_every_state(of, cast, state):
    Return.objects.filter(id=of.id).update(state=state)
    of.refresh_from_db()
    seen = set()
    for who, actor in cast.items():
        in_scope = Return.objects.filter(policy.return_scope(actor), id=of.id).exists()
        assert in_scope == policy.may_see_return(actor, of), who
        if in_scope:
            seen.add(who)
    assert seen == READS[state]


# -- the life of a return ----------------------------------------------------------------------------------------------
def test_an_empty_answer_stops_the_handing_in_and_is_named(of, cast):
    fill(of, cast["rinn"])
    answer = of.answers.select_related("duty__measure").first()
    save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=1, words=Words("answered", "   "))
    with pytest.raises(RuleBroken, match=answer.duty.measure.number):
        returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)


def test_a_return_goes_back_with_a_note_and_comes_again(of, cast):
    fill(of, cast["rinn"])
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    with pytest.raises(RuleBroken):
        returns.send_back(actor=cast["ofis"], now=JANUARY, return_id=of.id, note=" ")
    returns.send_back(actor=cast["ofis"], now=JANUARY, return_id=of.id, note="Rəqəm çatmır")
    assert return_page(cast["rinn"], of.id, JANUARY.date()).note == "Rəqəm çatmır"
    answer = of.answers.first()
    save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=answer.version, words=Words("answered", "Rəqəmlə"))
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    returns.approve(actor=cast["koordinator"], now=JANUARY, return_id=of.id)
    assert [s.label for s in return_page(cast["rinn"], of.id, JANUARY.date()).steps] == [
        "Approved",
        "Submitted",
        "Sent back with a note",
        "Submitted",
        "Draft",
    ]
    assert set(Duty.objects.filter(answers__of=of).values_list("state", flat=True)) == {"answered"}


def test_a_handed_in_return_cannot_be_written(of, cast):
    fill(of, cast["rinn"])
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    answer = of.answers.first()
    with pytest.raises(RuleBroken):
        save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=1, words=Words("answered", "sonradan"))


def test_a_body_cannot_approve_and_the_office_cannot_hand_in(of, cast):
    fill(of, cast["rinn"])
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    for who in ("rinn", "qiymet"):
        with pytest.raises(Refused):
            returns.approve(actor=cast[who], now=JANUARY, return_id=of.id)
    returns.send_back(actor=cast["ofis"], now=JANUARY, return_id=of.id, note="x")
    with pytest.raises(Refused):
        returns.submit(actor=cast["ofis"], now=JANUARY, return_id=of.id)


def test_reopening_needs_a_reason_and_opens_the_duties_again(of, cast):
    fill(of, cast["rinn"])
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    returns.approve(actor=cast["ofis"], now=JANUARY, return_id=of.id)
    with pytest.raises(RuleBroken):
        returns.reopen(actor=cast["ofis"], now=JANUARY, return_id=of.id, reason="")
    returns.reopen(actor=cast["ofis"], now=JANUARY, return_id=of.id, reason="Səhv")
    assert set(Duty.objects.filter(answers__of=of).values_list("state", flat=True)) == {"open"}
    assert return_page(cast["rinn"], of.id, JANUARY.date()).may_write


def test_a_refusal_is_no_silence(of, cast):
    with pytest.raises(RuleBroken):
        returns.refuse(actor=cast["rinn"], now=JANUARY, return_id=of.id, reason="")
    returns.refuse(actor=cast["rinn"], now=JANUARY, return_id=of.id, reason="Səlahiyyətimizdə deyil")
    assert my_returns(cast["rinn"], dt.date(2024, 3, 1))[0].silence is Silence.REFUSED


def test_a_return_of_nothing_says_nothing_to_report(of, cast):
    for answer in of.answers.all():
        save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=Words("nothing", ""))
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    assert my_returns(cast["rinn"], JANUARY.date())[0].silence is Silence.NOTHING


def test_a_closed_window_takes_no_answer_until_the_return_is_reopened(window, of, cast):
    windows.close_window(actor=cast["koordinator"], now=JANUARY, window_id=window.id)
    with pytest.raises(RuleBroken, match="closed"):
        fill(of, cast["rinn"])


# -- reminders ---------------------------------------------------------------------------------------------------------
def test_reminders_climb_once_each_and_name_nobody(window, of, settings, mailoutbox):
    settings.EMAIL_HOST_SET = True
    for day in (19, 21, 22, 28, 29):
        remind_late(dt.datetime(2024, 1, day, tzinfo=dt.UTC))
    remind_late(dt.datetime(2024, 2, 5, tzinfo=dt.UTC))
    assert list(Reminder.objects.filter(of=of).order_by("id").values_list("ear", flat=True)) == [
        "focal_point",
        "deputy_focal_point",
        "head_of_body",
    ]
    to_rinn = [m for m in mailoutbox if m.to in (["rinn@demo.example"], ["rehber@demo.example"])]
    assert [m.to for m in to_rinn] == [["rinn@demo.example"], ["rehber@demo.example"]]
    names = list(User.objects.values_list("name", flat=True))
    assert not any(name in m.body + m.subject for m in mailoutbox for name in names)


def test_a_dead_mail_server_stops_no_reminder(window, of, settings, monkeypatch):
    settings.EMAIL_HOST_SET = True
    monkeypatch.setattr(
        "qalxan.modules.reporting.operations.reminders.send_mail", lambda *a, **k: (_ for _ in ()).throw(ConnectionRefusedError())
    )
    assert remind_late(dt.datetime(2024, 1, 21, tzinfo=dt.UTC)) == window.returns.count()
    assert not Reminder.objects.filter(by_mail=True).exists()


# -- figures -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def indicator(act_as):
    # an indicator the demonstration does not load, so that no other body counts it
    return Indicator.objects.create(
        code="sinaq-gostericisi", label_az="Sınaq", label_en="Trial", label_ru="Проба", unit="persons", dimensions=["sex", "country"]
    )


def test_only_a_declared_body_gives_a_figure_and_two_cannot_count_the_same(of, indicator, cast):
    answer = of.answers.first()
    words = Words("answered", "Bir", values={(indicator.id, ""): ("exact", Decimal(94))})
    with pytest.raises(RuleBroken):
        save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=words)
    declare_counter(actor=cast["ofis"], now=JANUARY, indicator=indicator.code, body="RINN")
    with pytest.raises(RuleBroken, match="twice"):
        declare_counter(actor=cast["ofis"], now=JANUARY, indicator=indicator.code, body="DIN")
    declare_counter(actor=cast["ofis"], now=JANUARY, indicator=indicator.code, body="DIN", alone=False)
    assert save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=words).version == 1
    assert Value.objects.get(of=of).value == 94


@pytest.mark.parametrize("key", ["sex=yellow", "form=sexual", "';drop=1", "sex"])
def test_a_split_that_is_none_is_refused(indicator, cast, key):
    with pytest.raises(RuleBroken):
        declare_counter(actor=cast["ofis"], now=JANUARY, indicator=indicator.code, body="RINN", key=key)
    assert not Counter.objects.filter(indicator=indicator).exists()


def test_figures_of_a_year_are_summed_over_approved_returns_only(window, of, indicator, cast):
    other = Return.objects.get(window=window, body="DIN")
    for found, who, number in ((of, "rinn", 80), (other, "din", 14)):
        declare_counter(actor=cast["ofis"], now=JANUARY, indicator=indicator.code, body=found.body_id, alone=False)
        fill(found, cast[who])
        answer = found.answers.first()
        words = Words("answered", "Rəqəm", values={(indicator.id, ""): ("exact", Decimal(number))})
        save_answer(actor=cast[who], now=JANUARY, answer_id=answer.id, version=answer.version, words=words)
        returns.submit(actor=cast[who], now=JANUARY, return_id=found.id)
    assert counted_figures(cast["koordinator"], 2023) == []
    returns.approve(actor=cast["ofis"], now=JANUARY, return_id=of.id)
    assert [(c.value, len(c.contributors)) for c in counted_figures(cast["koordinator"], 2023)] == [(80, 1)]
    returns.approve(actor=cast["ofis"], now=JANUARY, return_id=other.id)
    found = counted_figures(cast["koordinator"], 2023)[0]
    assert (found.value, [c["body"] for c in found.contributors]) == (94, ["DIN", "RINN"])
    with pytest.raises(Refused):
        counted_figures(cast["rinn"], 2023)


@given(st.lists(st.one_of(st.none(), st.decimals(0, 10**6, places=1)), max_size=6))
def test_a_sum_with_an_unknown_part_is_more_than_what_is_known(parts):
    qualifier, total = add(("unknown" if p is None else "exact", p) for p in parts)
    known = [p for p in parts if p is not None]
    assert total == (sum(known) if known else None)
    assert qualifier == ("unknown" if not known else "more_than" if None in parts else "exact")


def test_the_database_itself_keeps_unknown_apart_from_zero(of, indicator):
    from django.db import IntegrityError

    for qualifier, value in (("unknown", 0), ("exact", None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Value.objects.create(of=of, indicator=indicator, key="", qualifier=qualifier, value=value)


# -- three voices ------------------------------------------------------------------------------------------------------
@pytest.fixture
def rated(of, cast):
    fill(of, cast["rinn"])
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    return of.answers.first()


def test_a_rating_that_differs_needs_its_reason(rated, cast):
    common = {"now": JANUARY, "answer_id": rated.id, "evidence": "Baxış"}
    with pytest.raises(RuleBroken, match="reason"):
        voices.rate(actor=cast["ofis"], voice=Voice.COORDINATOR, value=RatingValue.COMPLETE, reason="", **common)
    voices.rate(actor=cast["ofis"], voice=Voice.COORDINATOR, value=RatingValue.LIMITED, reason="", **common)
    voices.rate(actor=cast["qiymet"], voice=Voice.EVALUATOR, value=RatingValue.NOT_STARTED, reason="Sübut yoxdur", **common)
    said = {v.voice: (v.value, v.differs) for v in answer_page(cast["rinn"], rated.of_id, rated.id, JANUARY.date()).voices}
    assert said == {"body": ("limited", False), "coordinator": ("limited", False), "evaluator": ("not_started", True)}


def test_the_evaluator_can_never_be_the_coordinator(rated, cast, filled):
    both = Actor(cast["ofis"].user_id, (*cast["ofis"].posts, HeldPost(1, Role.EVALUATOR, None)))
    call = {"now": JANUARY, "answer_id": rated.id, "voice": Voice.EVALUATOR, "value": RatingValue.LIMITED, "evidence": "", "reason": ""}
    with pytest.raises(RuleBroken):
        voices.rate(actor=both, **call)
    held = {"starts_at": dt.datetime(2022, 1, 1, tzinfo=dt.UTC), "ends_at": dt.datetime(2023, 5, 1, tzinfo=dt.UTC)}
    filled("qiymet", Role.COORDINATOR_OFFICE, None, **held)
    with pytest.raises(RuleBroken):
        voices.rate(actor=cast["qiymet"], **call)
    with pytest.raises(Refused):
        voices.rate(actor=cast["koordinator"], **call)
    assert not Rating.objects.filter(voice="evaluator").exists()


def test_a_measure_that_cannot_be_checked_is_not_rated(rated, cast):
    with pytest.raises(Refused):
        voices.set_verifiability(actor=cast["ofis"], now=JANUARY, measure=rated.duty.measure, checkable=False, reason="x")
    voices.set_verifiability(actor=cast["koordinator"], now=JANUARY, measure=rated.duty.measure, checkable=False, reason="Ölçü yoxdur")
    with pytest.raises(RuleBroken):
        voices.rate(
            actor=cast["ofis"], now=JANUARY, answer_id=rated.id, voice=Voice.COORDINATOR, value=RatingValue.LIMITED, evidence="", reason=""
        )


@pytest.mark.parametrize("table", ["reporting_statechange", "reporting_rating", "reporting_verifiability", "reporting_extension"])
def test_the_app_can_change_no_step_and_no_rating_even_by_raw_sql(rated, table):
    from django.db import ProgrammingError

    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# -- the board ---------------------------------------------------------------------------------------------------------
def test_the_board_puts_the_longest_silent_first_and_shows_no_draft(window, of, cast):
    fill(of, cast["rinn"])
    other = fill(Return.objects.get(window=window, body="DIN"), cast["din"])
    returns.submit(actor=cast["din"], now=JANUARY, return_id=other.id)
    windows.extend(actor=cast["koordinator"], now=JANUARY, window_id=window.id, body="EESMN", due_on=dt.date(2024, 2, 20), reason="x")
    board = boards.board(cast["koordinator"], window.id, dt.date(2024, 2, 1))
    assert (board.rows[0].row.silence, board.rows[-1].row.body) == (Silence.LATE, "DIN")
    by_body = {r.row.body: r for r in board.rows}
    assert by_body["EESMN"].row.silence is Silence.DUE
    assert (by_body["RINN"].readable, by_body["DIN"].readable) == (False, True)
    assert by_body["RINN"].people == ("Orxan Misallı",)


@pytest.mark.parametrize("who", ["rinn", "konsul", "kabinet", "statistika"])
def test_the_board_is_for_those_who_oversee(window, cast, who):
    for query in (boards.board, boards.silence_map, boards.comparison):
        with pytest.raises(Refused):
            query(cast[who], window.id, JANUARY.date())


def test_the_map_shows_the_gravest_silence_of_each_measure(window, of, cast):
    fill(of, cast["rinn"])
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    found = boards.silence_map(cast["auditor"], window.id, dt.date(2024, 2, 1))
    row = next(cells for body, _name, cells in found.rows if body == "RINN")
    assert {c.code for c in row if c} == {"answered"}


def test_only_approved_filings_are_reused(of, cast):
    fill(of, cast["rinn"])
    measures = list(of.answers.values_list("duty__measure_id", flat=True))
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    assert filings_for_measures(cast["koordinator"], measures, 2023) == []
    returns.approve(actor=cast["ofis"], now=JANUARY, return_id=of.id)
    assert {f.body for f in filings_for_measures(cast["kabinet"], measures, 2023)} == {"RINN"}


@pytest.fixture
def whole(of, cast):
    return workbook(cast["rinn"], of.id, JANUARY.date())[1]


# -- workbooks ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def counted(of, indicator, cast):
    declare_counter(actor=cast["ofis"], now=JANUARY, indicator=indicator.code, body="RINN", key="sex=female")
    return indicator


def edit(data, change):
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_a_filled_in_workbook_is_taken_whole(of, counted, cast, language):
    from django.utils import translation

    with translation.override(language):
        _name, data = workbook(cast["rinn"], of.id, JANUARY.date())
        stance = {"az": "cavab verilib", "en": "answered", "ru": "ответ дан"}[language]

        def change(book):
            for row in book.worksheets[0].iter_rows(min_row=4):
                row[4].value, row[5].value = stance, "Görülən iş"
            book.worksheets[1].cell(4, 6).value = 94

        kept = workbooks.upload(actor=cast["rinn"], now=JANUARY, return_id=of.id, data=edit(data, change))
    assert (kept.faults, kept.settled_at) == ([], JANUARY)
    assert set(of.answers.values_list("stance", flat=True)) == {"answered"}
    assert (Value.objects.get(of=of).key, Value.objects.get(of=of).value) == ("sex=female", 94)


def test_each_bad_cell_is_named_and_nothing_changes_until_the_person_takes_the_good_rows(of, counted, cast):
    _name, data = workbook(cast["rinn"], of.id, JANUARY.date())

    def change(book):
        sheet, figures = book.worksheets
        for row in sheet.iter_rows(min_row=4):
            row[4].value, row[5].value = "answered", "Görülən iş"
        sheet.cell(4, 5).value = "hardasa"
        sheet.cell(5, 7).value = "əla"
        sheet.cell(6, 1).value = "999999:0"
        figures.cell(4, 5).value, figures.cell(4, 6).value = "unknown", 12

    kept = workbooks.upload(actor=cast["rinn"], now=JANUARY, return_id=of.id, data=edit(data, change))
    places = {(sheet, row, column) for sheet, row, column, _what in kept.faults}
    assert places == {
        ("Answers", 4, "How the body answers"),
        ("Answers", 5, "Own rating"),
        ("Answers", 6, "Duty"),
        ("Figures", 4, "Number"),
    }
    assert not of.answers.exclude(stance="").exists()
    written, parked = workbooks.take(actor=cast["rinn"], now=JANUARY, upload_id=kept.id)
    assert (written, parked) == (of.answers.count() - 3, 0)
    with pytest.raises(Absent):
        workbooks.take(actor=cast["rinn"], now=JANUARY, upload_id=kept.id)


def test_a_workbook_that_met_newer_words_parks_its_own(of, cast):
    _name, data = workbook(cast["rinn"], of.id, JANUARY.date())
    answer = of.answers.order_by("duty__measure__position", "duty__result", "duty__period_start", "id").first()
    save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=Words("answered", "Onlayn söz"))

    def change(book):
        book.worksheets[0].cell(4, 5).value, book.worksheets[0].cell(4, 6).value = "answered", "Oflayn söz"

    workbooks.upload(actor=cast["rinn"], now=JANUARY, return_id=of.id, data=edit(data, change))
    answer.refresh_from_db()
    assert (answer.narrative, Parked.objects.get(answer=answer).words["narrative"]) == ("Onlayn söz", "Oflayn söz")


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "|cmd", "\tx"])
def test_a_formula_never_leaves_in_a_workbook_and_the_words_come_back_as_they_were(of, cast, text):
    answer = of.answers.order_by("duty__measure__position", "duty__result", "duty__period_start", "id").first()
    save_answer(actor=cast["rinn"], now=JANUARY, answer_id=answer.id, version=0, words=Words("answered", text))
    _name, data = workbook(cast["rinn"], of.id, JANUARY.date())
    cell = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].cell(4, 6)
    assert (cell.data_type, cell.value[0]) == ("s", "'")
    row = workbooks.read(data, of).answers[0]
    assert row["narrative"] == text


def test_a_workbook_is_its_bodys_alone(of, cast):
    for who in ("din", "koordinator"):
        with pytest.raises((Absent, Refused)):
            workbook(cast[who], of.id, JANUARY.date())
    _name, data = workbook(cast["rinn"], of.id, JANUARY.date())
    other = Return.objects.get(window=of.window, body="DIN")
    assert workbooks.read(data, other).answers == []
    with pytest.raises(Absent):
        workbooks.upload(actor=cast["din"], now=JANUARY, return_id=of.id, data=data)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_workbook_is_a_sentence_and_never_a_fault_of_ours(of, whole, data):
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for candidate in (bytes(damaged), bytes(damaged[: data.draw(st.integers(0, len(damaged)))]), data.draw(st.binary(max_size=300))):
        try:
            workbooks.read(candidate, of)
        except RuleBroken as told:
            assert str(told)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    cells=st.lists(
        st.lists(
            st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(allow_nan=False), st.booleans(), st.dates()),
            min_size=7,
            max_size=7,
        ),
        max_size=5,
    )
)
def test_any_cells_at_all_are_read_or_named(of, counted, cast, cells):
    book = openpyxl.Workbook()
    book.active.title = "Answers"
    book.create_sheet("Figures")
    for sheet in book.worksheets:
        for _ in range(3):
            sheet.append(["x"])
        for row in cells:
            try:
                sheet.append(row)
            except Exception:
                continue
    out = io.BytesIO()
    book.save(out)
    reading = workbooks.read(out.getvalue(), of)
    assert reading.answers == []
    assert reading.figures == []


def test_the_log_tells_what_was_decided(of, cast):
    fill(of, cast["rinn"])
    returns.submit(actor=cast["rinn"], now=JANUARY, return_id=of.id)
    told = Entry.objects.filter(subject=f"return:{of.id}").latest("id")
    assert (told.event, told.detail["body"]) == ("reporting.submitted", "RINN")
