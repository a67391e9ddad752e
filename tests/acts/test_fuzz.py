"""The reader meets anything: it reads, or refuses with one line; never another error, never an endless run."""

import functools
import os

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qalxan.kernel.acts import read_act
from qalxan.kernel.acts.source import from_bytes
from qalxan.kernel.errors import BadInput
from tests.acts.made import HEAD, REGISTRY, table

WHOLE = HEAD + table()
ROUNDS = int(os.environ.get("QALXAN_FUZZ", "150"))


def _survives(data: bytes, name: str) -> dict | None:
    try:
        source = from_bytes(data, name)
        act = read_act(source, REGISTRY)
    except BadInput as refusal:
        assert "\n" not in str(refusal)
        return None
    assert len(source.clean) == len(source.raw)
    for measure in act["measures"]:
        assert 0 <= measure["span"][0] <= measure["span"][1] <= len(source.raw)
        for executor in measure["executors"]:
            assert source.raw[slice(*executor["span"])] == executor["as_written"]
    return act


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=4000))
@example(b"%PDF-1.7\n%%EOF")
@example(b"<table><tr><td rowspan=9999999 colspan=9999999>")
def test_any_bytes(data):
    _survives(data, "any")


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text("\t\n|<>/ip.,0123456789-–¹[]aəİI\u0301\u2028", max_size=12)),
        max_size=12,
    )
)
def test_any_damage_to_a_plan(damage):
    text = WHOLE
    for at, length, insert in damage:
        text = text[:at] + insert + text[at + length :]
    _survives(text.encode(), "damaged.txt")


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "</table>",
                "<tr>",
                "</tr>",
                "<td rowspan=2>",
                "<td colspan=3>",
                "</td>",
                "<p>",
                "<script>",
                "<!--",
                "1.",
                "Səhiyyə Nazirliyi",
                "2031",
                "&amp;",
                "\n",
            ]
        ),
        max_size=60,
    )
)
def test_any_soup_of_tags(parts):
    _survives(("<html>" + "".join(parts)).encode(), "soup.html")


@pytest.mark.seeds
@settings(max_examples=max(20, ROUNDS // 5), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["000", "001", "002", "003"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 300), st.text('\t\n <>|.,;()-–"“”0123456789aəİ', max_size=8)), max_size=10),
)
def test_any_damage_to_the_real_plans(digits, damage):
    text = _seed(digits)
    for share, length, insert in damage:
        at = int(share * len(text))
        text = text[:at] + insert + text[at + length :]
    _survives(text.encode(), "seed.txt")


@functools.lru_cache
def _seed(digits: str) -> str:
    from tests.conftest import SEEDS

    return next(SEEDS.glob(f"{digits}*")).read_text(encoding="utf-8")
