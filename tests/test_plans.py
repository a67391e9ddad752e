"""Plans: from a file to a draft, to law, to duties; what each rule refuses."""

import datetime as dt
import io

import pytest
from django.db import ProgrammingError, connection, transaction

from qalxan.foundation.access.guard import Absent, Refused
from qalxan.foundation.audit.models import Entry
from qalxan.kernel.errors import BadInput, RuleBroken
from qalxan.modules.plans.models import Act, Cell, Duty, DutyRun, Plan
from qalxan.modules.plans.operations.acts import correct, discard, import_act, merge
from qalxan.modules.plans.operations.adopt import PlanIdentity, adopt
from qalxan.modules.plans.operations.amend import apply_amendment, attach_amendment, enter_amendment
from qalxan.modules.plans.operations.records import check_principle, decide_participation, record_financing, resolve_open_list, set_roster
from qalxan.modules.plans.queries import duties as duty_queries
from qalxan.modules.plans.queries import plans as plan_queries
from qalxan.modules.plans.queries.export import export
from tests.acts.made import HEAD, ROWS, table
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def boss():
    """The coordinator: the one who may put acts in force, and a named person."""
    from qalxan.foundation.accounts.models import User
    from qalxan.foundation.accounts.queries import actor_of

    return actor_of(User.objects.get(email="koordinator@demo.example").id, NOW + dt.timedelta(days=1))


IDENTITY = PlanIdentity("SINAQ-2031", "Sınaq", "Trial", "Проба", 2031, 2033, dt.date(2031, 3, 3))
LATER = dt.datetime(2032, 6, 1, tzinfo=dt.UTC)


def _draft(text=HEAD + table()):
    return import_act(actor=boss(), now=NOW, name="act.txt", data=text.encode())


@pytest.fixture
def plan():
    act = _draft()
    return adopt(actor=boss(), now=dt.datetime(2031, 3, 3, tzinfo=dt.UTC), act_id=act.id, version=1, identity=IDENTITY)


def test_a_file_that_is_no_act_stores_nothing():
    before = Act.objects.count()
    with pytest.raises(BadInput):
        _draft("Bu məktubdur.")
    assert Act.objects.count() == before


def test_nothing_is_in_force_before_a_named_person_adopted_it(act_as):
    act = _draft()
    assert not Plan.objects.filter(act=act).exists()
    with pytest.raises(Refused):
        adopt(actor=act_as("ofis"), now=NOW, act_id=act.id, version=1, identity=IDENTITY)
    coordinator = act_as("koordinator")
    plan = adopt(actor=coordinator, now=NOW, act_id=act.id, version=1, identity=IDENTITY)
    assert plan.act.accepted_by_id == coordinator.user_id
    assert plan.measures.count() == 3
    assert Entry.objects.filter(event="plans.act_adopted", user=coordinator.user_id).exists()


def test_a_refusal_is_written_to_the_log_although_the_write_was_undone(enter, overseeing):
    with overseeing():
        last = Entry.objects.latest("id").id
    assert enter("kabinet").post("/acts/").status_code == 403
    assert enter("ofis").post("/plans/MDB-2007/measures/6.3/2/record/", {"what": "participation", "answer": "open"}).status_code == 403
    with overseeing():
        refused = set(Entry.objects.filter(event="access.refused", id__gt=last).values_list("detail__permission", flat=True))
    assert refused == {"plans.draft", "plans.participation"}


def test_a_correction_reads_the_words_again_and_two_people_cannot_overwrite_one_another():
    act = _draft()
    version = correct(actor=boss(), now=NOW, act_id=act.id, version=1, place=0, words={"executors": "Ədliyyə Nazirliyi", "terms": "2032"})
    act.refresh_from_db()
    assert [e["body"] for e in act.reading["measures"][0]["executors"]] == ["EN"]
    assert act.reading["measures"][0]["terms"][0]["from"] == 2032
    assert act.corrections.count() == 2
    with pytest.raises(RuleBroken):
        correct(actor=boss(), now=NOW, act_id=act.id, version=1, place=0, words={"text": "başqa"})
    with pytest.raises(RuleBroken):
        correct(actor=boss(), now=NOW, act_id=act.id, version=version, place=0, words={"terms": "nə vaxtsa"})


def test_two_copies_are_merged_cell_by_cell():
    mine, other = _draft(HEAD + table(ROWS[:2])), _draft(HEAD + table((("3.1.1.", "Dəqiq mətn", *ROWS[0][2:]), *ROWS[1:])))
    merge(actor=boss(), now=NOW, act_id=mine.id, version=1, other_id=other.id, take={0: ["text"]}, add=[2])
    mine.refresh_from_db()
    assert [m["text"] for m in mine.reading["measures"]] == ["Dəqiq mətn", ROWS[1][1], ROWS[2][1]]


def test_a_discarded_draft_cannot_be_adopted():
    act = _draft()
    discard(actor=boss(), act_id=act.id)
    with pytest.raises(RuleBroken):
        adopt(actor=boss(), now=NOW, act_id=act.id, version=1, identity=IDENTITY)


def test_the_order_of_2022_leaves_2021_as_it_was():
    for day, code in (
        (dt.date(2021, 6, 1), "NRYTN"),
        (dt.date(2022, 6, 1), "NRYTN"),
        (dt.date(2022, 6, 2), "RINN"),
        (dt.date(2023, 6, 1), "RINN"),
    ):
        view = plan_queries.consolidation(boss(), "MFP-2020", day)
        named = {b.body for s in view.sections for r in s.rows for b in r.executors}
        assert code in named
        assert len({"NRYTN", "RINN"} & named) == 1
    _, changes = plan_queries.comparison(boss(), "MFP-2020", dt.date(2021, 1, 1), dt.date(2023, 1, 1))
    assert [c.number for c in changes] == ["4.2.1", "4.2.6", "4.2.7", "4.8.1", "4.8.2", "4.8.4"]


def test_duties_follow_the_body_that_exists_and_the_wording_in_force():
    rows = duty_queries.of_year(boss(), "MFP-2020", 2023, NOW.date())
    mine = [r for r in rows if r.body == "RINN"]
    assert len(mine) == 6
    assert {r.clause.split(",")[0] for r in mine} == {"№ 3289"}
    old = [r for r in duty_queries.of_year(boss(), "MFP-2020", 2021, NOW.date()) if r.body == "NRYTN"]
    assert {r.clause.split(",")[0] for r in old} == {"№ 2173"}
    assert not [r for r in rows if r.body == "NRYTN"]


def test_an_amendment_by_hand_changes_only_what_lies_ahead(plan):
    ended = set(Duty.objects.filter(plan=plan, period_end__lt=LATER.date()).values_list("id", "body_id", "state"))
    cells = [{"measure": "3.1.1", "column": "executors", "old": "Səhiyyə", "new": "Ədliyyə", "change": "replace"}]
    act = enter_amendment(
        actor=boss(), now=LATER, plan=plan, number="91", date=dt.date(2032, 5, 5), in_force_from=dt.date(2032, 5, 9), cells=cells
    )
    apply_amendment(actor=boss(), now=LATER, act_id=act.id)
    assert set(Duty.objects.filter(plan=plan, period_end__lt=LATER.date()).values_list("id", "body_id", "state")) == ended
    ahead = Duty.objects.filter(plan=plan, measure__number="3.1.1", period_end__gte=LATER.date())
    assert set(ahead.exclude(state="withdrawn").values_list("body_id", flat=True)) == {"DIN", "EN"}
    assert set(ahead.filter(state="withdrawn").values_list("body_id", flat=True)) == {"SN"}
    run = DutyRun.objects.filter(plan=plan).latest("id")
    assert (run.added, run.withdrawn) == (2, 2)
    assert len(run.changes) == 4
    with pytest.raises(RuleBroken):
        apply_amendment(actor=boss(), now=LATER, act_id=act.id)


def test_an_amendment_whose_words_are_not_there_is_refused_whole(plan):
    cells = [
        {"measure": "3.1.1", "column": "executors", "old": "Səhiyyə", "new": "Ədliyyə"},
        {"measure": "3.1.2", "column": "executors", "old": "Yoxdur", "new": "X"},
    ]
    act = enter_amendment(
        actor=boss(), now=LATER, plan=plan, number="92", date=dt.date(2032, 5, 5), in_force_from=dt.date(2032, 5, 9), cells=cells
    )
    before = Cell.objects.count()
    with pytest.raises(RuleBroken):
        apply_amendment(actor=boss(), now=LATER, act_id=act.id)
    assert Cell.objects.count() == before


def test_an_answered_duty_is_never_withdrawn(plan):
    duty = Duty.objects.get(plan=plan, measure__number="3.1.1", body_id="SN", period_start__year=2033)
    duty.state = "answered"
    duty.save(update_fields=["state"])
    cells = [{"measure": "3.1.1", "column": "executors", "old": "Səhiyyə", "new": "Ədliyyə"}]
    act = enter_amendment(
        actor=boss(), now=LATER, plan=plan, number="93", date=dt.date(2032, 5, 5), in_force_from=dt.date(2032, 5, 9), cells=cells
    )
    apply_amendment(actor=boss(), now=LATER, act_id=act.id)
    duty.refresh_from_db()
    assert duty.state == "answered"


def test_a_group_expands_by_the_roster_of_its_year(plan):
    set_roster(actor=boss(), now=dt.datetime(2031, 4, 1, tzinfo=dt.UTC), plan=plan, year=2032, group="IXT_QHT", members=["KOAL", "YM"])
    owing = set(Duty.objects.filter(plan=plan, measure__number="3.2.1").exclude(state="withdrawn").values_list("body_id", "via"))
    assert owing == {("EN", ""), ("KOAL", "IXT_QHT"), ("YM", "IXT_QHT")}


def test_an_open_list_is_resolved_by_name():
    act = _draft(HEAD + table((("3.1.1.", "İş", "Nazirlər Kabineti, digər aidiyyəti dövlət orqanları", "2031"), *ROWS[1:])))
    plan = adopt(actor=boss(), now=dt.datetime(2031, 3, 3, tzinfo=dt.UTC), act_id=act.id, version=1, identity=IDENTITY)
    measure = plan.measures.get(number="3.1.1")
    resolve_open_list(
        actor=boss(),
        now=dt.datetime(2031, 4, 1, tzinfo=dt.UTC),
        measure=measure,
        as_written="digər aidiyyəti dövlət orqanları",
        bodies=["FHN"],
    )
    assert set(measure.duties.exclude(state="withdrawn").values_list("body_id", flat=True)) == {"NK", "FHN"}
    with pytest.raises(RuleBroken):
        resolve_open_list(actor=boss(), now=LATER, measure=measure, as_written="digər aidiyyəti dövlət orqanları", bodies=["YOXDUR"])


def test_participation_principles_and_money_keep_unknown_apart_from_no(plan):
    line = Plan.objects.get(code="MDB-2007").measures.get(number="6.3", occurrence=2)
    with pytest.raises(RuleBroken):
        decide_participation(actor=boss(), now=NOW, measure=line, answer="refused", decided_on=None, ground="")
    decide_participation(actor=boss(), now=NOW, measure=line, answer="decided", decided_on=dt.date(2009, 3, 1), ground="məktub")
    with pytest.raises(RuleBroken):
        decide_participation(actor=boss(), now=NOW, measure=plan.measures.first(), answer="decided", decided_on=NOW.date(), ground="x")
    measure = Plan.objects.get(code="MFP-2020").measures.get(number="4.1.1")
    with pytest.raises(RuleBroken):
        check_principle(actor=boss(), now=NOW, measure=measure, principle=1, answer="no", reason="")
    check_principle(actor=boss(), now=NOW, measure=measure, principle=1, answer="yes", reason="")
    row = record_financing(
        actor=boss(), now=NOW, measure=measure, body="NK", year=2021, source="grant", amount=None, currency="AZN", note=""
    )
    assert row.amount is None


def test_the_focal_point_sees_the_duties_of_their_own_body_and_no_others(act_as):
    minister = act_as("rinn")
    assert {r.body for r in duty_queries.of_year(minister, "MFP-2020", 2021, NOW.date())} == {"NRYTN"}
    assert {r.body for r in duty_queries.of_year(minister, "MFP-2020", 2023, NOW.date())} == {"RINN"}
    with pytest.raises(Absent):
        duty_queries.of_body(minister, "DIN", plan=None, year=None, today=NOW.date())
    with pytest.raises(Refused):
        duty_queries.of_year(act_as("konsul"), "MFP-2020", 2021, NOW.date())


@pytest.mark.parametrize("who", ["koordinator", "ofis", "rinn", "din", "kabinet", "konsul", "auditor"])
def test_scope_and_may_see_give_one_answer(act_as, who):
    from qalxan.modules.plans import policy

    actor = act_as(who)
    duties = list(Duty.objects.all()[::40])
    seen = set(Duty.objects.filter(policy.duty_scope(actor)).values_list("id", flat=True))
    assert all((d.id in seen) == policy.may_see_duty(actor, d) for d in duties)
    _draft()
    visible = set(Act.objects.filter(policy.act_scope(actor)).values_list("id", flat=True))
    assert all((a.id in visible) == policy.may_see_act(actor, a) for a in Act.objects.all())


@pytest.mark.parametrize("code", ["MFP-2020", "MFP-2004", "MDB-2007"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "docx", "akn"])
def test_every_consolidation_is_written_in_every_form(code, form):
    view = plan_queries.consolidation(boss(), code, dt.date(2023, 1, 1))
    body = export(view, form, NOW.date())
    if form == "akn":
        from lxml import etree

        from qalxan.modules.plans.queries.akn import schema

        schema().assertValid(etree.fromstring(body))
    if form == "xlsx":
        import openpyxl

        cells = [c for row in openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows() for c in row if c.value]
        assert all(c.data_type == "s" for c in cells)
        assert len(cells) > 40


def test_a_formula_in_a_cell_is_written_as_text():
    from qalxan.webkit.export import Sheet, as_csv, harmless

    assert harmless("=1+1") == "'=1+1"
    assert b"'=cmd" in as_csv(Sheet("t", "", [("a", 1)], [["=cmd|' /C calc'!A0"]]))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET event='x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE plans_cell SET clause=''",
        "DELETE FROM plans_cell",
        "DELETE FROM plans_duty",
        "DROP TABLE plans_plan",
        "CREATE TABLE x (a int)",
    ],
)
def test_the_app_role_owns_nothing_and_facts_are_only_added(statement):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = current_user")
        assert cursor.fetchone() == (0,)


def test_the_calendar_of_a_focal_point_ends_with_the_post(enter, token_of):
    import icalendar

    from qalxan.foundation.access.binding import acting
    from qalxan.foundation.accounts.models import Post

    post = Post.objects.get(user__email="rinn@demo.example")
    answer = enter("konsul").get(f"/calendar/{post.feed_key}.ics")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert (
        len(events)
        == Duty.objects.filter(body_id__in=["RINN", "NRYTN", "RITN", "RYTN", "NQN"], due_on__isnull=False)
        .exclude(state="withdrawn")
        .count()
        > 0
    )
    with acting(token_of("ofis")), connection.cursor() as cursor:
        cursor.execute("SELECT access_end_post(%s, %s)", [post.id, NOW])
    assert enter("konsul").get(f"/calendar/{post.feed_key}.ics").status_code == 404


@pytest.mark.seeds
@pytest.mark.parametrize(("digits", "measures"), [("000", 69), ("001", 12), ("002", 13), ("003", 37)])
def test_the_real_plans_are_imported_adopted_and_exported(seeds, digits, measures):
    data = seeds[digits].read_bytes()
    act = import_act(actor=boss(), now=NOW, name=seeds[digits].name, data=data)
    plan = adopt(
        actor=boss(),
        now=NOW,
        act_id=act.id,
        version=1,
        identity=PlanIdentity(f"real-{digits}", "a", "b", "c", 2004, 2024, dt.date(2004, 5, 6)),
    )
    for waiting in Act.objects.filter(amends=act, state="pending"):
        apply_amendment(actor=boss(), now=NOW, act_id=waiting.id)
    view = plan_queries.consolidation(boss(), plan.code, dt.date(2023, 1, 1))
    assert sum(len(s.rows) for s in view.sections) == measures
    export(view, "akn", NOW.date())
    assert Duty.objects.filter(plan=plan).exists()


def test_an_amending_act_read_from_its_own_text_is_tied_to_its_plan_and_applied(plan):
    text = (
        "AZƏRBAYCAN RESPUBLİKASI PREZİDENTİNİN SƏRƏNCAMI\n\n3 mart 2031-ci il tarixli 77 nömrəli Sərəncamla təsdiq edilmiş Planın 3.1.1-ci yarımbəndinin "
        "“İcra müddəti” sütununda “2031-2033” rəqəmləri “2031-2034” rəqəmləri ilə əvəz edilsin.\n\nBakı şəhəri, 5 may 2032-ci il\n№ 91\n"
    )
    act = _draft(text)
    assert (act.number, act.date) == ("91", "2032-05-05")
    attach_amendment(actor=boss(), now=LATER, act_id=act.id, plan=plan, in_force_from=dt.date(2032, 5, 9))
    apply_amendment(actor=boss(), now=LATER, act_id=act.id)
    years = (
        Duty.objects.filter(plan=plan, measure__number="3.1.1", body_id="DIN")
        .exclude(state="withdrawn")
        .values_list("period_start__year", flat=True)
    )
    assert sorted(years) == [2031, 2032, 2033, 2034]


def test_amendments_are_applied_in_the_order_they_came_into_force(plan):
    def enter(number, day, old, new):
        cells = [{"measure": "3.1.1", "column": "executors", "old": old, "new": new}]
        return enter_amendment(actor=boss(), now=LATER, plan=plan, number=number, date=day, in_force_from=day, cells=cells).id

    apply_amendment(actor=boss(), now=LATER, act_id=enter("95", dt.date(2032, 9, 1), "Səhiyyə", "Ədliyyə"))
    with pytest.raises(RuleBroken):
        apply_amendment(actor=boss(), now=LATER, act_id=enter("94", dt.date(2032, 8, 1), "Daxili İşlər", "Xarici İşlər"))


def test_naming_the_members_of_a_group_moves_its_own_duties_of_ended_years_too():
    plan = Plan.objects.get(code="MFP-2020")
    set_roster(actor=boss(), now=LATER, plan=plan, year=2021, group="YIHO", members=["FHN", "MLN"])
    owing = set(
        Duty.objects.filter(plan=plan, measure__number="4.2.5", period_start__year=2021)
        .exclude(state="withdrawn")
        .values_list("body_id", flat=True)
    )
    assert {"FHN", "MLN"} <= owing
    assert "YIHO" not in owing
