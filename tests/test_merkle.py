"""The tree and its signed heads follow RFC 6962 and the open note format; no proof holds for anything else."""

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalxan.kernel import merkle
from qalxan.kernel.checkpoints import (
    LOG,
    WITNESS,
    BadNote,
    Checkpoint,
    Signer,
    Verifier,
    checkpoint,
    opened,
    parts,
    read_skey,
    read_vkey,
    signed,
)

RFC_LEAVES = [
    bytes.fromhex(h) for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
RFC_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""The vectors that implementations of certificate transparency share."""


def slow_root(leaves):
    """The definition of RFC 6962, word by word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return merkle.node_hash(slow_root(leaves[:half]), slow_root(leaves[half:]))


leaves_of = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


def test_the_roots_are_those_of_the_shared_vectors():
    for size, root in RFC_ROOTS.items():
        assert merkle.root_of(map(merkle.leaf_hash, RFC_LEAVES[:size])).hex() == root


@given(leaves_of)
def test_a_growing_tree_has_the_root_of_the_definition(leaves):
    assert merkle.root_of(leaves) == slow_root(leaves)


@settings(max_examples=150)
@given(leaves_of, st.data())
def test_a_leafs_path_holds_for_this_leaf_place_and_root_only(leaves, data):
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    path, root = merkle.inclusion(index, size, merkle.over(leaves)), slow_root(leaves)
    assert merkle.included(leaves[index], index, size, path, root)
    other = data.draw(st.integers(0, size + 3))
    if other != index and (other >= size or leaves[other] != leaves[index]):
        assert not merkle.included(leaves[index], other, size, path, root)
    assert not merkle.included(merkle.leaf_hash(leaves[index]), index, size, path, root)
    assert not merkle.included(leaves[index], index, size, [*path, root], root)
    if path:
        assert not merkle.included(leaves[index], index, size, path[:-1], root)


@settings(max_examples=150)
@given(leaves_of, st.data())
def test_a_tree_that_grew_is_consistent_and_a_rewritten_one_is_not(leaves, data):
    new = len(leaves)
    old = data.draw(st.integers(0, new))
    path = merkle.consistency(old, new, merkle.over(leaves))
    before, after = slow_root(leaves[:old]), slow_root(leaves)
    assert merkle.consistent(old, new, path, before, after)
    if old:
        changed = data.draw(st.integers(0, old - 1))
        forged = [*leaves[:changed], merkle.leaf_hash(leaves[changed]), *leaves[changed + 1 :]]
        assert not merkle.consistent(old, new, merkle.consistency(old, new, merkle.over(forged)), before, slow_root(forged))
        assert not merkle.consistent(old, new, path, slow_root(forged[:old]), after)
    if path:
        assert not merkle.consistent(old, new, path[:-1], before, after)
        assert not merkle.consistent(old, new, [*path, after], before, after)
    assert not merkle.consistent(new + 1, new, path, before, after)


@pytest.mark.parametrize("call", [lambda: merkle.inclusion(3, 3, merkle.over([])), lambda: merkle.consistency(4, 3, merkle.over([]))])
def test_what_is_not_in_the_tree_has_no_proof(call):
    with pytest.raises(ValueError):
        call()


LOG_KEY = Signer("example.test/log", bytes(range(32)))
HEAD = Checkpoint("example.test/log", 20852163, hashlib.sha256(b"root").digest())


def test_a_head_is_three_lines_and_a_signature_line_in_the_note_format():
    lines = signed(HEAD, LOG_KEY).split("\n")
    assert lines[:4] == ["example.test/log", "20852163", base64.b64encode(HEAD.root).decode(), ""]
    assert lines[4].startswith("— example.test/log ")
    assert lines[5:] == [""]
    key = LOG_KEY.verifier()
    assert base64.b64decode(lines[4].split()[-1])[:4] == hashlib.sha256(b"example.test/log\n\x01" + key.public).digest()[:4]
    assert opened(signed(HEAD, LOG_KEY), key) == HEAD


def test_the_published_example_of_the_note_format_is_read_and_holds():
    """The example of c2sp.org/tlog-cosignature: a log's line and a witness's over one head."""
    note = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    text, signatures = parts(note)
    assert checkpoint(text).size == 20852163
    assert [name for name, _ in signatures] == ["example.com/behind-the-sofa", "witness.example.com/w1"]
    assert [len(signature) for _, signature in signatures] == [4 + 64, 4 + 8 + 64]


def test_a_witness_cosigns_and_the_logs_signature_still_holds():
    witness = Signer("witness.test/w1", bytes(range(32, 64)), WITNESS)
    note = signed(HEAD, LOG_KEY) + witness.sign(HEAD.text(), at=1679315147)
    assert opened(note, LOG_KEY.verifier()) == opened(note, witness.verifier()) == HEAD
    assert witness.verifier().kind == WITNESS
    line = base64.b64decode(witness.sign(HEAD.text(), at=5).split()[-1])
    later = base64.b64encode(line[:4] + (6).to_bytes(8, "big") + line[12:]).decode()
    later = f"{HEAD.text()}\n— witness.test/w1 {later}\n"
    with pytest.raises(BadNote):
        opened(later, witness.verifier())


def test_a_key_is_written_and_read_in_the_standard_form():
    key = LOG_KEY.verifier()
    assert read_vkey(key.vkey()) == key == Verifier("example.test/log", key.public, LOG)
    assert read_skey(LOG_KEY.skey()) == LOG_KEY
    assert LOG_KEY.skey().startswith("PRIVATE+KEY+example.test/log+")


@settings(max_examples=300)
@given(st.integers(0, 200), st.integers(0, 255))
def test_a_note_with_any_letter_changed_is_refused(place, letter):
    note = signed(HEAD, LOG_KEY)
    place %= len(note)
    if ord(note[place]) == letter:
        return
    try:
        head = opened(note[:place] + chr(letter) + note[place + 1 :], LOG_KEY.verifier())
    except BadNote:
        return
    assert head == HEAD  # base64 may carry bits that mean nothing; what is said stays the same


@given(st.text())
def test_no_text_makes_the_reader_fail_otherwise(text):
    for read in (parts, checkpoint, read_vkey, read_skey, lambda t: opened(t, LOG_KEY.verifier())):
        with pytest.raises(BadNote):
            read(text)


@pytest.mark.parametrize("size", ["²", "-1", "01", "1e3", "9" * 19, ""])
def test_a_size_is_plain_decimal(size):
    with pytest.raises(BadNote):
        checkpoint(f"example.test/log\n{size}\n{base64.b64encode(bytes(32)).decode()}\n")
