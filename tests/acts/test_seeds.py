"""The three real plans are read as people counted them."""

import collections
from pathlib import Path

import pytest

from qalxan.kernel.acts import load, read_act
from tests.acts.made import REGISTRY

pytestmark = pytest.mark.seeds


@pytest.fixture(scope="module")
def read():
    from tests.conftest import SEEDS

    cache = {}

    def read(prefix):
        if prefix not in cache:
            source = load(next(SEEDS.glob(f"{prefix}*")))
            cache[prefix] = (source, read_act(source, REGISTRY))
        return cache[prefix]

    return read


def test_the_plan_of_2020_has_69_measures_in_9_sections(read):
    _, act = read("000")
    assert [sum(m["section"] == s["number"] for m in act["measures"]) for s in act["sections"]] == [12, 11, 6, 9, 9, 7, 7, 5, 3]
    assert sum(t["kind"] == "continuous" for m in act["measures"] for t in m["terms"]) == 33
    roles = collections.Counter(e["role"] for m in act["measures"] for e in m["executors"])
    assert sum(roles.values()) == 309
    assert roles["involved"] == 18
    assert all(e["body"] for m in act["measures"] for e in m["executors"])
    first = collections.Counter(m["executors"][0]["body"] for m in act["measures"])
    assert (first["DIN"], first["NK"], first["EESMN"], first["XIN"]) == (23, 14, 9, 4)


def test_the_plan_of_2020_carries_its_head_notes_and_amendment(read):
    _, act = read("000")
    assert act["act"]["number"] == "2173"
    assert (act["act"]["date"], act["act"]["in_force_from"], act["act"]["registry_number"]) == (
        "2020-07-22",
        "2020-07-23",
        "32202007222173",
    )
    assert {r["body"]: len(r["measures"]) for r in act["recommended"]} == {"AM": 7, "BP": 8, "VK": 4, "OMB": 13, "MS": 5}
    assert [r["body"] for r in act["recommended"] if r["condition"]] == ["AM"]
    (amendment,) = act["amended_by"]
    assert (amendment["number"], amendment["date"], amendment["in_force_from"]) == ("3289", "2022-05-31", "2022-06-02")
    assert [c["measure"] for c in amendment["cells"]] == ["4.2.1", "4.2.6", "4.2.7", "4.8.1", "4.8.2", "4.8.4"]
    assert {c["column"] for c in amendment["cells"]} == {"executors"}
    assert len(act["principles"]) == 6
    assert act["financing"]


@pytest.mark.parametrize(("copy", "rows", "results"), [("002", 13, 52), ("001", 12, 48)])
def test_the_plan_of_2004_is_read_from_both_copies(read, copy, rows, results):
    _, act = read(copy)
    assert len(act["measures"]) == rows
    found = [r["text"] for m in act["measures"] for r in m["results"]]
    assert len(found) == results
    if copy == "002":
        assert len(set(found)) == 51
        assert act["measures"][8]["results"][0]["term"]["from"] == "2004-07"
    assert all(r["term"] for m in act["measures"] for r in m["results"])


def test_the_programme_has_37_lines_18_sublines_eleven_states_and_nine_treaties(read):
    _, act = read("003")
    assert (len(act["measures"]), sum(m["number"] is None for m in act["measures"])) == (37, 1)
    assert [(m["number"], m["occurrence"]) for m in act["measures"][-2:]] == [("6.3", 1), ("6.3", 2)]
    assert act["measures"][-1]["decided_by"] == ["DBS", "HBS"]
    assert sum(len(m.get("sublines", [])) for m in act["measures"]) == 18
    signed = {s["state"]: s["status"] for s in act["signatures"]}
    assert len(signed) == 11
    assert {state for state, status in signed.items() if status == "not_signed"} == {"GE", "MD", "TM"}
    assert len(act["treaties"]) == 9
    assert act["special_opinion"]
    kinds = collections.Counter(t["kind"] for m in act["measures"] for t in m["terms"])
    assert kinds == {"years": 33, "yearly": 2, "within": 1, "yearly_month": 1}


@pytest.mark.parametrize("copy", ["000", "001", "002", "003"])
def test_spans_stand_in_the_source_and_no_table_line_is_lost(read, copy):
    source, act = read(copy)
    covered = set()

    def walk(value):
        if isinstance(value, dict):
            if value.get("as_written") and value.get("span"):
                assert (
                    source.raw[slice(*value["span"])].strip(" <>/i") in value["as_written"]
                    or value["as_written"] in source.raw[slice(*value["span"])]
                )
            if value.get("span"):
                covered.update(range(source.line_at(value["span"][0]), source.line_at(max(value["span"][1] - 1, 0)) + 1))
            covered.update([value["line"]] if "line" in value else [])
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(act)
    lines = [source.line_at(row.start) for row in source.rows if row.cells and not source.blank(row.start, row.end)]
    assert [line for line in lines if line not in covered] == []
    for measure in act["measures"]:
        for executor in measure["executors"]:
            assert source.raw[slice(*executor["span"])] == executor["as_written"]


@pytest.mark.parametrize("copy", ["000", "001", "002", "003"])
def test_every_warning_on_the_real_plans_is_a_known_fault_of_the_printing(read, copy):
    _, act = read(copy)
    known = {"000": set(), "001": {"no-header", "number-gap"}, "002": set(), "003": {"repeated-number", "no-executor"}}
    assert {d["code"] for d in act["diagnostics"] if d["severity"] != "info"} == known[copy]


def test_nothing_in_the_project_copies_a_sentence_of_the_documents():
    from tests.conftest import SEEDS

    runs = set()
    for path in SEEDS.glob("*.txt"):
        words = path.read_text(encoding="utf-8").split()
        runs.update(" ".join(words[i : i + 12]) for i in range(len(words) - 12))
    root = Path(__file__).resolve().parents[2] / "qalxan"
    for path in [*root.rglob("*.py"), *root.rglob("*.json"), *root.rglob("*.csv"), *root.rglob("*.html"), *root.rglob("*.po")]:
        words = path.read_text(encoding="utf-8").split()
        copied = [run for i in range(len(words) - 12) if (run := " ".join(words[i : i + 12])) in runs]
        assert not copied, (path.name, copied[:1])
