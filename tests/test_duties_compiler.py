"""Laws of the duty compiler, over random plans and amendments: past duties never change, none is lost, none doubled."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from qalxan.kernel.bodies import BodyRecord, Registry
from qalxan.kernel.duties import CellFact, MeasureFacts, PlanFacts, StoredDuty, compile_duties, in_force, periods, regenerate

CODES = ["A", "B", "C", "OLD", "GROUP"]
REGISTRY = Registry(
    tuple(BodyRecord(c, "central_executive", c, c, c) for c in "ABC")
    + (
        BodyRecord("OLD", "central_executive", "o", "o", "o", valid_to="2022-06-15", successor="NEW"),
        BodyRecord("NEW", "central_executive", "n", "n", "n", valid_from="2022-06-15"),
        BodyRecord("GROUP", "group", "g", "g", "g"),
        BodyRecord("OPEN", "open_list", "l", "l", "l"),
    )
)
KNOWN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
START = dt.date(2020, 3, 1)


def _entry(code, role="executor"):
    return {"body": code, "role": role, "as_written": code or "?"}


entries = st.lists(
    st.builds(_entry, st.sampled_from([*CODES, "OPEN", None]), st.sampled_from(["executor", "involved"])), min_size=1, max_size=5
)
terms = st.lists(
    st.one_of(
        st.builds(lambda a, n: {"kind": "years", "from": a, "to": a + n}, st.integers(2020, 2024), st.integers(0, 3)),
        st.builds(lambda y, m: {"kind": "month", "from": f"{y}-{m:02}"}, st.integers(2020, 2024), st.integers(1, 12)),
        st.builds(lambda m: {"kind": "within", "months": m}, st.integers(1, 40)),
        st.builds(lambda m, f: {"kind": "yearly_month", "month": m, "following": f}, st.integers(1, 12), st.booleans()),
        st.sampled_from([{"kind": "continuous"}, {"kind": "yearly"}, {"kind": "unset"}]),
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def plans(draw):
    measures = []
    for number in range(draw(st.integers(1, 5))):
        cells = [
            CellFact("executors", draw(entries), START, KNOWN, 2 * number),
            CellFact("terms", draw(terms), START, KNOWN, 2 * number + 1),
        ]
        measures.append(MeasureFacts(number, tuple(cells)))
    rosters = {(year, "GROUP"): ("A", "C") for year in draw(st.sets(st.integers(2020, 2024)))}
    return PlanFacts(2020, 2024, START, tuple(measures), rosters)


@st.composite
def amended(draw, plan):
    measures = []
    for m in plan.measures:
        cells = list(m.cells)
        for _ in range(draw(st.integers(0, 2))):
            day = draw(st.dates(dt.date(2020, 4, 1), dt.date(2024, 12, 1)))
            column = draw(st.sampled_from(["executors", "terms"]))
            cells.append(CellFact(column, draw(entries if column == "executors" else terms), day, KNOWN, 100 + len(cells)))
        measures.append(MeasureFacts(m.id, tuple(cells)))
    return PlanFacts(plan.first_year, plan.last_year, plan.adopted_on, tuple(measures), plan.rosters)


def _store(duties, answered=()):
    return [StoredDuty(i, d.key, d.role, i in answered, d.period.end, d.period.due, d.period.kind) for i, d in enumerate(duties)]


@settings(max_examples=200, deadline=None)
@given(plans())
def test_no_duty_is_doubled_and_every_named_body_or_its_successor_owes_one(plan):
    duties = compile_duties(plan, REGISTRY)
    assert len({d.key for d in duties}) == len(duties)
    owing = {(d.measure, d.body) for d in duties} | {(d.measure, d.via) for d in duties} | {(d.measure, d.named_as) for d in duties}
    for measure in plan.measures:
        for entry in measure.cells[0].value:
            if entry["body"] == "GROUP" and plan.rosters:  # its members may be named for themselves too
                assert {(measure.id, "GROUP"), (measure.id, "A")} & owing
            elif entry["body"]:
                assert (measure.id, entry["body"]) in owing


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_an_amendment_never_changes_the_past_or_an_answer_and_loses_nothing(data):
    plan = data.draw(plans())
    before = compile_duties(plan, REGISTRY)
    answered = data.draw(st.sets(st.integers(0, max(len(before) - 1, 0)), max_size=5))
    stored = _store(before, answered)
    today = data.draw(st.dates(dt.date(2020, 1, 1), dt.date(2025, 6, 1)))
    after = compile_duties(data.draw(amended(plan)), REGISTRY)
    change = regenerate(stored, after, today, first=False)
    gone = {s.id for s in stored if s.id in change.withdraw}
    assert all(not s.answered and s.end >= today for s in stored if s.id in gone)
    assert all(d.period.end >= today for d in change.add)
    standing = [s.key for s in stored if s.id not in gone] + [d.key for d in change.add]
    assert len(set(standing)) == len(standing)
    assert {d.key for d in after if d.period.end >= today} <= set(standing)
    kept = [s for s in stored if s.id not in gone] + [
        StoredDuty(10_000 + i, d.key, d.role, False, d.period.end, d.period.due, d.period.kind) for i, d in enumerate(change.add)
    ]
    again = regenerate(kept, after, today, first=False)
    assert (again.add, again.withdraw) == ((), ()), "a second compilation changes nothing"


def test_a_body_that_ended_is_followed_from_the_period_it_no_longer_begins():
    cells = (CellFact("executors", [_entry("OLD")], START, KNOWN, 1), CellFact("terms", [{"kind": "continuous"}], START, KNOWN, 2))
    duties = compile_duties(PlanFacts(2020, 2024, START, (MeasureFacts(1, cells),)), REGISTRY)
    assert [(d.period.start.year, d.body) for d in duties] == [(2020, "OLD"), (2021, "OLD"), (2022, "OLD"), (2023, "NEW"), (2024, "NEW")]
    assert {d.named_as for d in duties} == {"OLD"}


def test_terms_become_periods_with_their_due_days():
    plan = PlanFacts(2020, 2022, START, ())
    due = lambda term: [p.due for p in periods(term, plan)]  # noqa: E731
    assert due({"kind": "yearly_month", "month": 2, "following": True}) == [
        dt.date(2021, 2, 28),
        dt.date(2022, 2, 28),
        dt.date(2023, 2, 28),
    ]
    assert due({"kind": "within", "months": 3}) == [dt.date(2020, 6, 1)]
    assert due({"kind": "month", "from": "2004-06"}) == [dt.date(2004, 6, 30)]
    assert due({"kind": "unset"}) == [None]
    assert len(periods({"kind": "continuous"}, plan)) == 3


def test_a_late_decree_is_not_known_before_it_was_known():
    early = CellFact("text", "old", START, KNOWN, 1)
    late = CellFact("text", "new", dt.date(2021, 1, 1), dt.datetime(2023, 5, 1, tzinfo=dt.UTC), 2)
    day = dt.date(2022, 1, 1)
    assert in_force([early, late], "text", day).value == "new"
    assert in_force([early, late], "text", day, dt.datetime(2022, 2, 1, tzinfo=dt.UTC)).value == "old"
