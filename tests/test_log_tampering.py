"""Whatever an administrator does to the log is found, and the entry is named: by the chain, the heads, the copy or a witness's note."""

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qalxan.kernel.checkpoints import Checkpoint, Signer, signed
from qalxan.kernel.errors import BadInput
from tests.log_world import World

pytestmark = pytest.mark.django_db
EDITS = (
    """UPDATE audit_entry SET "user" = 99 WHERE id = %s""",
    "UPDATE audit_entry SET at = at - interval '1 microsecond' WHERE id = %s",
    "UPDATE audit_entry SET event = 'vault.find' WHERE id = %s",
    """UPDATE audit_entry SET detail = '{"n": -1}' WHERE id = %s""",
    "UPDATE audit_entry SET subject = 'item:2' WHERE id = %s",
    "UPDATE audit_entry SET kind = 'refusal' WHERE id = %s",
    "UPDATE audit_entry SET person = gen_random_uuid() WHERE id = %s",
    "UPDATE audit_entry SET purpose = 'support' WHERE id = %s",
    "UPDATE audit_entry SET compartment = 'health' WHERE id = %s",
    """UPDATE audit_entry SET "grant" = 7 WHERE id = %s""",
    "UPDATE audit_entry SET salt = gen_random_uuid() WHERE id = %s",
)


def names(report, kind, entry=None, seq=None):
    """Whether a fault of the kind names the entry, or the places between which it lies."""
    for fault in report.faults:
        if fault.kind == kind and entry is not None and fault.entry == entry:
            return True
        if fault.kind == kind and seq is not None and fault.first is not None and fault.first <= seq <= fault.last:
            return True
    return False


class LogMachine(RuleBasedStateMachine):
    """Rows, chaining and heads in any order; between them an administrator's tampering, undone after it was found."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name))

    def teardown(self):
        self.world.close()
        self.folder.cleanup()

    @rule(many=st.integers(1, 9))
    def write(self, many):
        self.world.write(many)

    @rule(head=st.booleans())
    def chain(self, head):
        self.world.chain(head=head)

    @rule()
    def restart(self):
        self.world.sequencer = self.world.started()

    @invariant()
    def nothing_is_found_in_an_honest_log(self):
        assert self.world.verify().faults == []

    @precondition(lambda self: self.world.next > 1)
    @rule(what=st.sampled_from(EDITS), pick=st.integers(0), skilled=st.booleans(), copy=st.booleans())
    def edit(self, what, pick, skilled, copy):
        with self.tampering(pick) as (order, seq):
            self.world.connection.execute(what, [order[seq]])
            if skilled:
                self.world.rebuild(order)
            found = self.world.verify(copy=copy)
            assert names(found, "edited", order[seq]) or (skilled and not copy and names(found, "forked", seq=seq)), found.faults
            assert copy is False or not skilled or {f.entry for f in found.faults if f.kind == "edited"} == {order[seq]}

    @precondition(lambda self: self.world.next > 1)
    @rule(pick=st.integers(0), leaf_too=st.booleans(), skilled=st.booleans(), copy=st.booleans())
    def delete(self, pick, leaf_too, skilled, copy):
        with self.tampering(pick) as (order, seq):
            self.world.connection.execute("DELETE FROM audit_entry WHERE id = %s", [order[seq]])
            if leaf_too and not skilled:
                self.world.connection.execute("DELETE FROM audit_leaf WHERE seq = %s", [seq])
            if skilled:
                self.world.rebuild(order[:seq] + order[seq + 1 :])
            found = self.world.verify(copy=copy)
            last = seq == len(order) - 1
            if copy or not (leaf_too or skilled):
                assert names(found, "cut" if last and (leaf_too or skilled) else "deleted", order[seq]), found.faults
            elif skilled and not last:
                assert any(f.kind in ("forked", "cut") and (f.first <= seq or f.kind == "cut") for f in found.faults)
            else:
                assert names(found, "cut", seq=seq) if last else any(f.kind == "deleted" and f.seq == seq for f in found.faults)

    @precondition(lambda self: self.world.next > 1)
    @rule(pick=st.integers(0), skilled=st.booleans(), copy=st.booleans())
    def insert(self, pick, skilled, copy):
        with self.tampering(pick) as (order, seq):
            self.world.row(10_000)
            if skilled:
                self.world.rebuild([*order[:seq], 10_000, *order[seq:]])
            found = self.world.verify(copy=copy)
            assert names(found, "inserted", 10_000) or (skilled and not copy and names(found, "forked", seq=seq)), found.faults

    @precondition(lambda self: self.world.next > 2)
    @rule(pick=st.integers(0), copy=st.booleans())
    def reorder(self, pick, copy):
        with self.tampering(pick) as (order, seq):
            other = (seq + 1) % len(order)
            moved = list(order)
            moved[seq], moved[other] = order[other], order[seq]
            self.world.rebuild(moved)
            found = self.world.verify(copy=copy)
            if copy:
                assert names(found, "reordered", order[seq])
                assert names(found, "reordered", order[other])
                with pytest.raises(BadInput, match="not the one that was chained"):
                    self.world.started()
            else:
                assert names(found, "forked", seq=min(seq, other))

    @precondition(lambda self: self.world.next > 1)
    @rule(pick=st.integers(0), copy=st.booleans())
    def cut(self, pick, copy):
        with self.tampering(pick) as (order, seq):
            note = self.world.aside.head()
            for table, column, value in (("audit_leaf", "seq >=", seq), ("audit_head", "size >", seq)):
                self.world.connection.execute(f"DELETE FROM {table} WHERE {column} %s", [value])
            self.world.connection.execute("DELETE FROM audit_entry WHERE id = ANY(%s)", [order[seq:]])
            found = self.world.verify(copy=copy, notes=[] if copy else [note])
            assert all(names(found, "cut", order[n], None if copy else n) for n in range(seq, len(order)))
            with pytest.raises(BadInput, match="before what was signed"):
                self.world.started()

    @precondition(lambda self: self.world.next > 1)
    @rule(pick=st.integers(0), copy=st.booleans())
    def fork_with_the_stolen_key(self, pick, copy):
        with self.tampering(pick) as (order, seq):
            note = self.world.aside.head()
            self.world.connection.execute(EDITS[0], [order[seq]])
            self.world.rebuild(order, heads=self.world.signer)
            assert self.world.verify(copy=False).faults == []  # inside the database all is smooth: that is why witnesses exist
            found = self.world.verify(copy=copy, notes=[] if copy else [note])
            assert names(found, "edited", order[seq]) if copy else any(f.kind == "forked" for f in found.faults)

    @precondition(lambda self: self.world.next > 1)
    @rule(pick=st.integers(0))
    def another_head_for_somebody_else(self, pick):
        with self.tampering(pick) as (order, _):
            other = signed(Checkpoint(self.world.signer.name, len(order), bytes(32)), self.world.signer)
            found = self.world.verify(notes=[other])
            assert any(f.kind == "forked" and "two heads" in f.what and f.last == len(order) for f in found.faults)

    def tampering(self, pick):
        """A log whose rows all stand under a head; whatever is done to it is undone."""
        self.world.chain(head=True)
        order = self.world.entries()
        transaction = self.world.connection.transaction(force_rollback=True)

        class Undone:
            def __enter__(self):
                transaction.__enter__()
                return order, pick % len(order)

            def __exit__(self, *fault):
                transaction.__exit__(*fault)

        return Undone()


@pytest.mark.django_db
def test_any_tampering_in_any_log_is_found_and_named():
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        LogMachine,
        settings=settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)),
    )


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "log")
    yield made
    made.close()


def test_a_head_is_signed_every_thousand_rows_and_every_minute(world):
    world.write(2345)
    world.chain()
    sizes = lambda: [size for (size,) in world.connection.execute("SELECT size FROM audit_head ORDER BY size")]  # noqa: E731
    assert sizes() == [1000, 2000]
    world.sequencer.step(59.9)
    assert sizes() == [1000, 2000]
    world.sequencer.step(60.1)
    assert sizes() == [1000, 2000, 2345]
    world.sequencer.step(500)
    assert sizes() == [1000, 2000, 2345]
    assert world.verify().signed == 2345


def test_a_row_that_says_it_is_old_is_found_where_it_was_added(world):
    world.write(3)
    world.chain(head=True)
    world.row(50, dt.datetime.now(dt.UTC) - dt.timedelta(hours=3))
    world.connection.execute("INSERT INTO audit_pending VALUES (50)")
    world.chain(head=True)
    assert [(f.kind, f.entry, f.seq) for f in world.verify().faults] == [("inserted", 50, 3)]


def test_a_hidden_head_or_a_wrong_tile_is_found(world):
    world.write(2100)
    world.chain()
    world.chain(head=True)
    world.connection.execute("DELETE FROM audit_head WHERE size = 2000")
    assert any("heads are missing between sizes 1000 and 2100" in f.what for f in world.verify().faults)
    world.connection.execute("UPDATE audit_node SET hash = %s WHERE place = 3", [bytes(32)])
    assert any("1/3 is wrong" in f.what for f in world.verify().faults)


def test_a_head_signed_by_another_key_counts_for_nothing(world):
    world.write(5)
    world.chain(head=True)
    thief = Signer(world.signer.name, bytes(32))
    note = signed(Checkpoint(thief.name, 5, bytes(32)), thief)
    assert [f.kind for f in world.verify(notes=[note]).faults] == ["forked"]
    assert [f.kind for f in world.verify(notes=["nothing"]).faults] == ["forked"]


def test_a_leaf_at_a_made_up_place_does_not_make_verification_run_forever(world):
    world.write(5)
    world.chain(head=True)
    world.connection.execute("UPDATE audit_leaf SET seq = 9000000000000000000 WHERE seq = 4")
    assert any("leaps" in f.what for f in world.verify().faults)


def test_the_sequencer_signs_nothing_over_a_log_that_is_not_the_one_it_signed(world):
    world.write(10)
    world.chain(head=True)
    with world.connection.transaction(force_rollback=True):
        world.connection.execute("UPDATE audit_leaf SET chain_hash = %s WHERE seq = 4", [bytes(32)])
        with pytest.raises(BadInput, match="Run `qalxan audit verify`"):
            world.started()
    (world.aside.folder / "head").write_text(signed(Checkpoint(world.signer.name, 10, bytes(32)), world.signer))
    with pytest.raises(BadInput, match="does not fit"):
        world.started()


def test_a_crash_between_the_database_and_the_copy_is_mended_at_the_next_start(world):
    world.write(10)
    world.chain(head=True)
    leaves = world.aside.folder / "leaves"
    leaves.write_bytes(leaves.read_bytes()[: 7 * 40 + 13])
    world.sequencer = world.started()
    assert world.aside.leaves().count == 10
    world.write(3)
    world.chain(head=True)
    assert world.verify().faults == []


def test_the_signing_key_is_nobody_elses_to_read(world):
    key = world.aside.folder / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert world.aside.signer() == world.signer
    key.chmod(0o644)
    with pytest.raises(BadInput, match="others can read"):
        world.aside.signer()


def test_a_change_to_any_column_is_found(world):
    world.write(5)
    world.chain(head=True)
    for edit in EDITS:
        with world.connection.transaction(force_rollback=True):
            world.connection.execute(edit, [3])
            assert [(f.kind, f.entry) for f in world.verify().faults] == [("edited", 3)], edit
