"""Have we met this person: keys, tokens, weights and reasons. Everybody here is invented."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalxan.kernel import matching
from qalxan.kernel.matching import POSSIBLE, STRICT, About, Birth, Dates, Features, keys, prepare, probes, rank, score, token

RASHAD = Features(("Əliyev Rəşad Elçin oğlu",), Birth(1985, 3, 8), ("AZE1234567",), ("+994 50 123 45 67",), "Bakı")
SECRET = bytes(range(32))


def shared(asked: Features, recorded: Features) -> set[str]:
    return probes(asked) & keys(recorded)


@pytest.mark.parametrize(
    "asked",
    [
        Features(("Рашад Алиев",), Birth(1985, 3, 8)),
        Features(("Әлијев Рәшад Елчин оғлу",), Birth(1985, 3, 8)),
        Features(("RASHAD ALIYEV",), Birth(1985, 8, 3)),
        Features(("Eliyev Resad",), Birth(1986, 3, 8)),
        Features(("Eliyev Resad",), Birth(1984, 8, 3)),
        Features(("Алиев Рашат Эльчинович",), Birth(1985)),
        Features(("Aliyev Rasad",)),
        Features(("Aliyev Rasat",), Birth(1985)),
        Features(("Rəşad Elçin oğlu",), Birth(1985)),
        Features(("Əlyev Rəşsd",), Birth(1985, 3, 8)),
        Features(("Əliyev Ruşad",)),
        Features(("Somebody Else",), documents=("aze 1234576",)),
        Features(("Ə.",), phones=("050-123-45-67",)),
    ],
)
def test_a_question_shares_a_key_with_the_record_however_it_is_spelt(asked):
    assert shared(asked, RASHAD)


def test_strangers_share_no_key():
    assert not shared(Features(("Quliyev Elnur Tofiq oğlu",), Birth(1991, 5, 17), ("AA7654321",), ("0557654321",), "Gəncə"), RASHAD)


def test_a_whole_record_has_about_26_keys_and_a_question_a_few_more():
    assert 20 <= len(keys(RASHAD)) <= 34
    assert keys(RASHAD) < probes(RASHAD)
    assert len(probes(RASHAD)) <= 50


def test_a_token_is_a_signed_number_that_needs_the_secret():
    numbers = [token(SECRET, text) for text in sorted(keys(RASHAD))]
    assert numbers == [token(SECRET, text) for text in sorted(keys(RASHAD))]
    assert all(-(2**63) <= number < 2**63 for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert not set(numbers) & {token(bytes(32), text) for text in keys(RASHAD)}
    assert min(token(SECRET, str(n)) for n in range(50)) < 0 < max(token(SECRET, str(n)) for n in range(50))


@pytest.mark.parametrize(
    ("other", "how", "weight"),
    [
        (Birth(1985, 3, 8), Dates.SAME, 14),
        (Birth(1985, 8, 3), Dates.SWAPPED, 11),
        (Birth(1984, 3, 8), Dates.YEAR_NEAR, 9),
        (Birth(1958, 3, 8), Dates.YEAR_SLIP, 6),
        (Birth(1985), Dates.YEAR_ONLY, 5),
        (Birth(1985, 1, 1), Dates.YEAR_ONLY, 5),
        (Birth(1985, 3, 9), Dates.PART, 3),
        (Birth(1986), Dates.NEAR, 2),
        (Birth(1990), Dates.DIFFERENT, -5),
        (Birth(1991, 7, 22), Dates.DIFFERENT, -7),
    ],
)
def test_dates_of_birth_meet_as_far_as_they_are_known(other, how, weight):
    found = score(RASHAD, replace(RASHAD, birth=other))
    reason = next(reason for reason in found.evidence if reason.about is About.BIRTH)
    assert (reason.how, reason.weight, reason.left, reason.right) == (how, weight, "1985-03-08", matching.written(other))


def test_what_is_unknown_weighs_nothing():
    bare = Features(("Əliyev Rəşad",))
    found = score(RASHAD, bare)
    assert {reason.about for reason in found.evidence} == {About.NAME, About.FATHER}
    assert found.weight == score(bare, bare).weight
    assert score(Features(()), RASHAD).evidence == ()
    assert score(Features(()), RASHAD).weight == 0
    assert rank(Features(()), [(1, RASHAD)]) == []
    assert not keys(Features(()))


def test_the_weight_is_the_sum_of_reasons_a_person_can_read():
    found = score(RASHAD, Features(("Рашад Алиев",), Birth(1985, 8, 3), ("AZE1234576",), ("0501234567",), "Баку"))
    assert found.weight == sum(reason.weight for reason in found.evidence) > STRICT
    assert [(str(reason.about), str(reason.how)) for reason in found.evidence] == [
        ("document", "slip"),
        ("birth", "swapped"),
        ("phone", "same"),
        ("name", "spelling"),
        ("name", "spelling"),
        ("place", "spelling"),
        ("father", "missing"),
    ]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Features(("Əliyev Samir Elçin oğlu",), Birth(1987, 6, 2), (), ("0501234567",), "Bakı"), "a brother with the same phone"),
        (Features(("Əliyeva Samirə Elçin qızı",), Birth(1985, 3, 8), (), (), "Bakı"), "a twin sister"),
        (Features(("Əliyev Elçin Rəşad oğlu",), Birth(1958, 2, 11), (), (), "Bakı"), "the father"),
        (Features(("Əliyev Rəşad Tofiq oğlu",), Birth(1979, 10, 30)), "a namesake"),
        (
            Features(
                ("Əliyev Rəşad",),
            ),
            "a name alone",
        ),
        (Features(("Əliyev Rəşad",), Birth(1985)), "a name and a year"),
    ],
)
def test_relatives_and_namesakes_stay_under_the_strict_weight(other, why):
    assert score(RASHAD, other).weight < STRICT, why


def test_aliases_count_by_the_best_of_them():
    alias = replace(RASHAD, names=("Qoçu", "Рашад Алиев"), documents=(), phones=())
    assert score(RASHAD, alias).weight == score(RASHAD, replace(alias, names=("Рашад Алиев",))).weight
    assert shared(Features(("Qoçu Veli",)), replace(RASHAD, names=("Vəli Qoçu", "Əliyev Rəşad")))


def test_ranking_gives_the_heaviest_first_and_drops_the_impossible():
    same, brother, other = (
        RASHAD,
        Features(("Əliyev Samir Elçin oğlu",), Birth(1987, 6, 2)),
        Features(("Quliyev Elnur",), Birth(1991, 5, 17)),
    )
    found = rank(replace(RASHAD, documents=()), [("other", other), ("brother", brother), ("same", same)])
    assert next(who for who, _ in found) == "same"
    assert "other" not in [who for who, _ in found]
    assert all(scored.weight >= POSSIBLE for _, scored in found)
    crowd = [(n, replace(RASHAD, phones=())) for n in range(30)]
    assert [who for who, _ in rank(RASHAD, crowd)] == list(range(10))


@pytest.mark.parametrize(("one", "other"), [("AZE 1234567", "aze1234567"), ("АА1234567", "AA-1234567"), ("№ C01234567", "C 0123 4567")])
def test_document_numbers_are_compared_without_signs_case_and_look_alikes(one, other):
    assert matching.document(one) == matching.document(other)


@pytest.mark.parametrize("number", ["+994 50 123 45 67", "0501234567", "00994501234567", "(050) 123-45-67"])
def test_phone_numbers_are_compared_by_their_last_nine_digits(number):
    assert matching.phone(number) == "501234567"


ANY_NUMBER = st.none() | st.integers(-5, 40) | st.integers(1900, 2030) | st.integers()
ANY_FEATURES = st.builds(
    Features,
    st.lists(st.text(max_size=40) | st.sampled_from(["Əliyev Rəşad Elçin oğlu", "Алиев Рашад", "Rashad Aliyev"]), max_size=8).map(tuple),
    st.builds(Birth, ANY_NUMBER, ANY_NUMBER, ANY_NUMBER),
    st.lists(st.text(max_size=15), max_size=3).map(tuple),
    st.lists(st.text(max_size=15), max_size=3).map(tuple),
    st.text(max_size=20),
)


@settings(max_examples=300, deadline=None)
@given(ANY_FEATURES, ANY_FEATURES)
def test_whatever_comes_in_there_are_keys_tokens_and_an_even_handed_weight(one, other):
    assert keys(one) <= probes(one)
    assert all(isinstance(token(SECRET, text), int) for text in probes(one))
    there = score(one, other)
    assert there.weight == pytest.approx(sum(reason.weight for reason in there.evidence))
    assert matching._weigh(prepare(one), other) == pytest.approx(there.weight)
    for _, scored in rank(one, [(1, other), (2, one)]):
        assert scored.weight >= POSSIBLE


@settings(max_examples=300, deadline=None)
@given(ANY_FEATURES)
def test_packed_features_come_back_but_for_control_characters(features):
    packed = features.pack()
    back = Features.unpack(packed)
    assert back.birth == features.birth
    assert back.pack() == packed
    if all(text and text.isprintable() for text in (*features.names, *features.documents, *features.phones)):
        assert back.names == features.names
        assert back.documents == features.documents
        assert back.phones == features.phones
    with pytest.raises(ValueError):
        Features.unpack(packed + b"\x1f")


def test_one_letter_lost_added_changed_or_turned_in_a_long_name_keeps_a_shared_key():
    chance = random.Random(3)
    for _ in range(300):
        words = ["Məmmədquluyev", "Rəhmanqulu"]
        word = words[1]
        at = chance.randrange(len(word) - 1)
        letter = chance.choice("abdeiklmnorst")
        slip = chance.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
        assert shared(Features((f"{slip} {words[0]}",)), Features((" ".join(words),), Birth(1985, 3, 8))), slip
