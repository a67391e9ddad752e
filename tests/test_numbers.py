"""Numbers as the languages write them; Azerbaijani endings, among them every one the report for 2020 uses."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalxan.kernel.numbers import CASES, LANGUAGES, ending, last_word, percent, suffix, worded, written

PAIRS = [
    # the report for 2020
    (93, "poss", "93-ü"), (1, "poss", "1-i"), (81, "poss", "81-i"), (4, "poss", "4-ü"), (9, "poss", "9-u"), (80, "poss", "80-i"), (12, "poss", "12-si"),
    (25, "poss", "25-i"), (58, "poss", "58-i"), (10, "poss", "10-u"), (9, "possdat", "9-na"), (14, "possdat", "14-nə"), (9, "possgen", "9-nun"),
    (350, "abl", "350-dən"), (20, "abl", "20-dən"), (800, "abl", "800-dən"), (100, "abl", "100-dən"), (40, "dat", "40-a"), (15, "dat", "15-ə"),
    (150, "dat", "150-yə"), (370, "dat", "370-ə"), (550, "dat", "550-yə"),
    # others
    (2, "poss", "2-si"), (6, "poss", "6-sı"), (20, "poss", "20-si"), (50, "poss", "50-si"), (40, "poss", "40-ı"), (1000, "poss", "1\u00a0000-i"),
    (100, "poss", "100-ü"), (7, "dat", "7-yə"), (6, "dat", "6-ya"), (230_000, "dat", "230\u00a0000-ə"), (40, "abl", "40-dan"), (90, "poss", "90-ı"),
    (30, "gen", "30-un"), (2, "gen", "2-nin"), (60, "loc", "60-da"), (70, "loc", "70-də"), (6, "acc", "6-nı"), (3, "acc", "3-ü"), (0, "poss", "0-ı"),
    (1_000_000, "poss", "1\u00a0000\u00a0000-u"), (2_000_000_000, "abl", "2\u00a0000\u00a0000\u00a0000-dan"), (Decimal("7.5"), "poss", "7,5-i"),
    (Decimal("172.5"), "dat", "172,5-ə"), (Decimal("0.40"), "abl", "0,40-dan"), (Decimal("13.0"), "loc", "13,0-da"), (2020, "ord", "2\u00a0020-ci"), (6, "ord", "6-cı"),
    (40, "ord", "40-cı"), (9, "ord", "9-cu"), (3, "ord", "3-cü"), (-5, "poss", "\u22125-i"), (93, "plain", "93"),
]  # fmt: skip
WORDS = {1: "bir", 40: "qırx", 110: "on", 300: "yüz", 5000: "min", 10**6: "milyon", 3 * 10**9: "milyard", 7 * 10**12: "trilyon"}


@pytest.mark.parametrize(("value", "case", "text"), PAIRS)
def test_an_ending_follows_the_last_spoken_word(value, case, text):
    assert worded(value, "az", case=case) == text


def test_the_last_spoken_word_is_the_last_one_that_is_not_nothing():
    assert {value: last_word(value) for value in WORDS} == WORDS


@pytest.mark.parametrize(
    ("value", "az", "en", "ru"),
    [
        (6377, "6\u00a0377", "6,377", "6\u00a0377"),
        (999, "999", "999", "999"),
        (Decimal("7.5"), "7,5", "7.5", "7,5"),
        (Decimal("1234567.80"), "1\u00a0234\u00a0567,80", "1,234,567.80", "1\u00a0234\u00a0567,80"),
        (-14, "\u221214", "\u221214", "\u221214"),
        (Decimal("1E+3"), "1\u00a0000", "1,000", "1\u00a0000"),
    ],
)
def test_each_language_groups_and_parts_in_its_own_way(value, az, en, ru):
    assert [written(value, language) for language in LANGUAGES] == [az, en, ru]


def test_a_doubtful_value_says_so_and_an_unknown_one_is_never_nothing():
    assert worded(350, "az", quality="more_than") == "350-dən çox"
    assert worded(370, "az", quality="about") == "370-ə yaxın"
    assert worded(230_000, "az", quality="about", case="poss") == "230\u00a0000-ə yaxını"
    assert worded(350, "az", quality="more_than", case="possdat") == "350-dən çoxuna"
    assert (worded(350, "en", quality="more_than"), worded(370, "ru", quality="about")) == ("more than\u00a0350", "около\u00a0370")
    assert [worded(None, language) for language in LANGUAGES] == ["məlum deyil", "not known", "неизвестно"]
    assert worded(0, "az") == "0"
    assert (percent(Decimal("7.5"), "az"), percent(13, "en")) == ("7,5\u00a0%", "13%")


@pytest.mark.parametrize("value", [10**15, Decimal("NaN"), Decimal("Infinity"), Decimal("1e-40"), Decimal("1e400"), True, 1.5, "5"])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError):
        suffix(value, "poss")


@pytest.mark.parametrize("bad", [{"case": "x"}, {"quality": "x"}])
def test_an_unknown_case_or_quality_is_refused(bad):
    with pytest.raises(ValueError):
        worded(5, "az", **bad)


@given(st.integers(0, 10**15 - 1), st.sampled_from(CASES))
def test_a_suffix_is_harmonious_and_digits_read_back(value, case):
    text = worded(value, "az", case=case)
    digits, _, found = text.partition("-")
    assert int(digits.replace("\u00a0", "")) == value
    vowel = next(letter for letter in reversed(last_word(value)) if letter in "aıoueəiöü")
    own = [letter for letter in found if letter in "aıoueəiöü"]
    assert all((letter in "aıou") == (vowel in "aıou") for letter in own)
    assert bool(found) == (case != "plain")
    assert found == ending(last_word(value), case, digits=True)


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_the_ending_of_a_number_does_not_hang_on_what_stands_before_its_last_word(low, high):
    last = low % 100
    if last:
        assert suffix(last, "poss") == suffix(high * 100 + last, "poss")
