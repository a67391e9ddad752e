"""The vault's keys, without a broker: what is sealed opens only in its place; the ring, the shares and the shred list keep their word."""

import contextlib
import datetime as dt
import itertools
import json
import os
import socket
import struct
import threading
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalxan.foundation.vault import crypto, shares, wire
from qalxan.foundation.vault.budgets import LIMITS, OverBudget, SiteBudget, Spend
from qalxan.foundation.vault.keyring import Keyring, read_root
from qalxan.foundation.vault.shredding import Shred, ShredList
from qalxan.kernel.errors import BadInput

PERSON, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
HERE = crypto.Binding(PERSON, "identity", crypto.Place("persons_item", "a1", "sealed", 3))
ELSEWHERE = [
    crypto.Binding(OTHER, "identity", HERE.place),
    crypto.Binding(PERSON, "health", HERE.place),
    *(
        crypto.Binding(PERSON, "identity", HERE.place._replace(**change))
        for change in ({"table": "persons_note"}, {"row": "a2"}, {"column": "other"}, {"version": 2}, {"version": 4})
    ),
    crypto.Binding(PERSON, "identity", crypto.Place('persons_item","a1', "sealed", "3", 3)),
]


def test_a_sealed_thing_opens_in_its_place():
    key = crypto.new_key()
    assert crypto.unseal(key, crypto.seal(key, "Əli".encode(), HERE.data()), HERE.data()) == "Əli".encode()


@pytest.mark.parametrize("place", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_a_ciphertext_moved_elsewhere_does_not_open(place):
    key = crypto.new_key()
    with pytest.raises(crypto.Tampered):
        crypto.unseal(key, crypto.seal(key, b"x", HERE.data()), place.data())


@given(st.binary(max_size=300), st.data())
def test_any_changed_byte_is_found(text, data):
    key = crypto.new_key()
    sealed = bytearray(crypto.seal(key, text, b"here"))
    assert len(sealed) == len(text) + crypto.OVERHEAD
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(crypto.Tampered):
        crypto.unseal(key, bytes(sealed), b"here")


@given(st.binary(max_size=80))
def test_no_bytes_at_all_make_opening_fail_otherwise(junk):
    with pytest.raises(crypto.Tampered):
        crypto.unseal(bytes(32), junk, b"")


def test_sealing_the_same_text_twice_gives_two_ciphertexts():
    key = crypto.new_key()
    assert crypto.seal(key, b"x", b"") != crypto.seal(key, b"x", b"")


def test_the_cipher_is_the_one_of_rfc_8452():
    """Test vector C.2 of the RFC: AEAD_AES_256_GCM_SIV, eight bytes, no associated data."""
    key, nonce = bytes.fromhex("01" + "00" * 31), bytes.fromhex("03" + "00" * 11)
    known = bytes.fromhex("c2ef328e5c71c83b843122130f7364b761e0b97427e3df28")
    assert crypto.unseal(key, crypto.FORMAT + nonce + known, b"") == bytes.fromhex("0100000000000000")


def schoolbook(a, b):
    product = 0
    for bit in range(8):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def test_the_field_of_the_shares_is_the_schools():
    for a in range(256):
        for b in range(256):
            assert shares.multiply(a, b) == schoolbook(a, b)
            if b:
                assert shares.multiply(shares.divide(a, b), b) == a


def test_any_three_of_five_shares_give_the_key_and_two_are_refused():
    secret = crypto.new_key()
    lines = shares.split(secret)
    for three in itertools.combinations(lines, 3):
        assert shares.join(list(three)) == secret
    assert shares.join([line.lower() for line in reversed(lines)]) == secret
    for two in itertools.combinations(lines, 2):
        with pytest.raises(BadInput, match="2 of 3"):
            shares.join(list(two))


def test_two_shares_fit_every_possible_key():
    """With two shares known, each value of the first byte has a third share that makes it: two shares tell nothing."""
    first, second = (shares._parse(line, 1)[3][0] for line in shares.split(bytes([7] * 32))[:2])
    found = {shares._at_zero({1: first, 2: second, 3: third}) for third in range(256)}
    assert found == set(range(256))


def test_a_share_mistyped_doubled_or_foreign_is_named():
    lines = shares.split(crypto.new_key())
    foreign = shares.split(crypto.new_key())
    letter = "A" if lines[1][40] != "A" else "B"
    for given_, words in (
        ([lines[0], lines[1][:40] + letter + lines[1][41:], lines[2]], "share 2: the share is mistyped"),
        ([lines[0], lines[0], lines[2]], "given twice"),
        ([lines[0], lines[1], foreign[2]], "different sets"),
        ([lines[0], lines[1], "²\0"], "mistyped"),
        ([], "0 of|different sets"),
    ):
        with pytest.raises(BadInput, match=words):
            shares.join(given_)


def test_the_ring_opens_again_with_its_root_key_only(tmp_path):
    ring = Keyring.open(tmp_path / "keys")
    version = ring.version("health")
    key = ring.key("health", version)
    assert Keyring.open(tmp_path / "keys").key("health", 1) == key
    assert (
        oct((tmp_path / "keys" / "root.key").stat().st_mode & 0o777)
        == "0o600"
        == oct((tmp_path / "keys" / "keyring.json").stat().st_mode & 0o777)
    )
    assert key.hex() not in (tmp_path / "keys" / "keyring.json").read_text()
    root = tmp_path / "keys" / "root.key"
    mine = root.read_text()
    root.write_text(os.urandom(32).hex())
    with pytest.raises(BadInput, match="does not fit"):
        Keyring.open(tmp_path / "keys")
    root.unlink()
    with pytest.raises(BadInput, match="not here"):
        Keyring.open(tmp_path / "keys")
    root.touch(0o600)
    root.write_text(shares.join(shares.split(bytes.fromhex(mine.strip()))[2:]).hex())
    assert Keyring.open(tmp_path / "keys").key("health", 1) == key


def test_a_root_key_that_others_may_read_is_refused(tmp_path):
    Keyring.open(tmp_path)
    (tmp_path / "root.key").chmod(0o640)
    with pytest.raises(BadInput, match="others may read"):
        Keyring.open(tmp_path)


@pytest.mark.parametrize("written", ["", "zz", "00" * 31, "ə" * 64])
def test_a_root_key_of_another_shape_is_refused(tmp_path, written):
    (tmp_path / "root.key").touch(0o600)
    (tmp_path / "root.key").write_text(written)
    with pytest.raises(BadInput):
        read_root(tmp_path / "root.key")


def test_a_key_of_the_ring_cannot_stand_for_another(tmp_path):
    ring = Keyring.open(tmp_path)
    ring.version("health")
    ring.version("inquiry")
    written = json.loads((tmp_path / "keyring.json").read_text())
    written["keys"][0]["key"], written["keys"][1]["key"] = written["keys"][1]["key"], written["keys"][0]["key"]
    (tmp_path / "keyring.json").write_text(json.dumps(written))
    with pytest.raises(BadInput, match="does not fit"):
        Keyring.open(tmp_path)


def test_a_change_of_the_root_key_cut_off_between_its_files_is_finished(tmp_path):
    ring = Keyring.open(tmp_path)
    key = ring.key("health", ring.version("health"))
    before = (tmp_path / "root.key").read_bytes()
    ring.change_root(tmp_path / "root.key")
    after = (tmp_path / "root.key").read_bytes()
    assert after != before
    (tmp_path / "root.next").touch(0o600)
    (tmp_path / "root.next").write_bytes(after)
    (tmp_path / "root.key").write_bytes(before)  # as if the machine had stopped before the last step
    assert Keyring.open(tmp_path).key("health", 1) == key
    assert (tmp_path / "root.key").read_bytes() == after


def test_a_full_disk_changes_no_key_in_memory(tmp_path, monkeypatch):
    ring = Keyring.open(tmp_path)
    version = ring.version("health")
    monkeypatch.setattr("qalxan.foundation.vault.keyring.os.fsync", lambda d: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError):
        ring.renew("health")
    assert ring.version("health") == version


def test_the_shred_list_keeps_every_erasure_and_refuses_what_it_cannot_read(tmp_path):
    first, second = ShredList(tmp_path / "a"), ShredList(tmp_path / "b")
    moment = dt.datetime(2022, 1, 2, tzinfo=dt.UTC)
    first.add(Shred(PERSON, moment, "decision:12"))
    first.add(Shred(PERSON, moment + dt.timedelta(1), "again"))
    second.add(Shred(OTHER, moment, "decision:13"))
    assert first.read()[PERSON].reference == "decision:12"
    assert (first.join(second.read()), first.join(second.read()), set(first.read())) == (1, 0, {PERSON, OTHER})
    (tmp_path / "a").write_text("half a li")
    with pytest.raises(BadInput, match="line 1"):
        first.read()


def test_the_sites_hour_is_a_bucket_that_refills():
    now = [0.0]
    budget, most = SiteBudget(lambda: now[0]), LIMITS[Spend.MATCH].site_hour
    for _ in range(most):
        budget.take(Spend.MATCH)
    with pytest.raises(OverBudget):
        budget.take(Spend.MATCH)
    budget.take(Spend.FIND)
    now[0] += 3600 / most + 0.01
    budget.take(Spend.MATCH)
    with pytest.raises(OverBudget):
        budget.take(Spend.MATCH)


def through_a_socket(sent: bytes, seconds: float = 0.3):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer = threading.Thread(target=lambda: (theirs.sendall(sent), theirs.shutdown(socket.SHUT_WR)))
        writer.start()
        try:
            return wire.receive(ours, seconds)
        finally:
            writer.join()


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda b: struct.pack(">I", len(b)) + b)))
def test_any_bytes_at_all_are_an_object_or_refused(sent):
    with contextlib.suppress(wire.Malformed, wire.Gone):
        assert isinstance(through_a_socket(sent), dict)


@pytest.mark.parametrize("body", [b"[]", b'{"a":NaN}', b"\xff", b"[" * 100000, b'"x"', b"{}{}"])
def test_what_is_no_json_object_is_malformed(body):
    with pytest.raises(wire.Malformed):
        through_a_socket(struct.pack(">I", len(body)) + body)


def test_a_frame_too_long_is_refused_before_it_is_read():
    with pytest.raises(wire.Malformed):
        through_a_socket(struct.pack(">I", wire.MAX_FRAME + 1))


def test_a_frame_that_never_ends_times_out():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack(">I", 100) + b"{")
        with pytest.raises(TimeoutError):
            wire.receive(ours, 0.1)


BAD = [
    None,
    0,
    -1,
    1e9,
    True,
    "",
    "\0",
    "\ud800",
    "x" * 5000,
    "²",
    [],
    [[]],
    {},
    [1, 2, 3, 4],
    ["t", "r", "c", -1],
    ["T;", "r", "c", 1],
    ["t", "ə", "c", 1],
    ["t", "r", "c", 2**31],
    "zz===",
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_every_field_refuses_what_it_does_not_hold(bad):
    fields = wire.Fields({"f": bad})
    readers = [fields.uuid, fields.place, fields.sealed, fields.code, lambda n: fields.number(n, 1, 5)]
    readers += [] if isinstance(bad, dict) else [fields.map]
    readers += [] if bad in ("²", "zz===") else [fields.text]
    readers += [] if bad in ("",) else [fields.data] if not (isinstance(bad, str) and bad == "x" * 5000) else []
    readers += [fields.of_persons] if bad != [] else []
    for read in readers:
        with pytest.raises(wire.Malformed):
            read("f")
