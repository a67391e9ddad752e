"""Have we met this person? A register of sealed people in PostgreSQL, asked in many spellings: time, recall, false suggestions.

`qalxan bench match` asks 1,000,000 sealed people by the judging noise model and seed (`bench/judge.py`), on which nothing was
tuned. `python -m bench.match tuning 100000` runs the model the weights were tuned on, with examples of what was missed.
"""

import os
import random
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from psycopg import sql

from bench import judge, noise
from bench.people import People, Person
from qalxan.kernel.matching import CANDIDATES, LOOKUP, PER_TOKEN, STRICT, Features, explain, keys, prepare, probes, rank, token

SEEDS = {"tuning": 11, "judging": 20271}
QUESTIONS = 2000
DATABASE = "qalxan_bench_match"
OPENED = f"SELECT best.person, wrapped, sealed FROM ({LOOKUP}) AS best JOIN vault_key USING (person) JOIN persons_item USING (person) ORDER BY best.rarity DESC"
TABLES = """
CREATE UNLOGGED TABLE vault_token (token bigint NOT NULL, person uuid NOT NULL);
CREATE UNLOGGED TABLE vault_key (person uuid NOT NULL, wrapped bytea NOT NULL);
CREATE UNLOGGED TABLE persons_item (person uuid NOT NULL, sealed bytea NOT NULL);
"""
INDEXES = """
SET maintenance_work_mem = '1GB';
CREATE INDEX ON vault_token (token) INCLUDE (person);
ALTER TABLE vault_key ADD PRIMARY KEY (person);
ALTER TABLE persons_item ADD PRIMARY KEY (person);
"""


@dataclass
class Vault:
    """Sealing as the vault does it: a data key for each person, wrapped by the compartment's key; associated data names the place."""

    blind: bytes = field(default_factory=lambda: os.urandom(32))
    root: ChaCha20Poly1305 = field(default_factory=lambda: ChaCha20Poly1305(os.urandom(32)))

    def seal(self, person: str, features: Features) -> tuple[bytes, bytes]:
        """The wrapped data key and the sealed features."""
        data, one, two = os.urandom(32), os.urandom(12), os.urandom(12)
        wrapped = one + self.root.encrypt(one, data, person.encode())
        return wrapped, two + ChaCha20Poly1305(data).encrypt(two, features.pack(), self._place(person))

    def open(self, person: str, wrapped: bytes, sealed: bytes) -> Features:
        """The features back."""
        data = self.root.decrypt(wrapped[:12], wrapped[12:], person.encode())
        return Features.unpack(ChaCha20Poly1305(data).decrypt(sealed[:12], sealed[12:], self._place(person)))

    @staticmethod
    def _place(person: str) -> bytes:
        return f"persons_item|{person}|sealed|1|{person}|identity".encode()


@dataclass
class Asked:
    """A person asked for: who, the id recorded (None: never recorded), what the record says."""

    person: Person
    recorded: uuid.UUID | None
    record: Features | None = None


def main(model: str = "judging", size: int = 0) -> None:
    """Load, ask, print."""
    size = size or int(os.environ.get("QALXAN_BENCH_SIZE", "1000000"))
    seed = SEEDS[model]
    print(f"Matching: {size:,} sealed people, {model} noise, seed {seed}, {QUESTIONS:,} questions of each kind, one caller")
    with _database() as connection:
        vault = Vault()
        asked, strangers = load(connection, vault, model, size, seed)
        ask = asker(connection, vault, size)
        models: Any = judge if model == "judging" else noise
        chance = random.Random(seed + 1)
        for name, level in (("ordinary", models.ORDINARY), ("hard", models.HARD)):
            report(name, asked, ask, lambda person, level=level: models.describe(person, level, chance), examples=model == "tuning")
        suspect(strangers, ask, lambda person: models.describe(person, models.ORDINARY, chance))
    _drop()


def _database() -> psycopg.Connection[Any]:
    """An empty database of the embedded server."""
    from config.postgres import server

    _drop()
    where = server()
    with psycopg.connect(where.dsn(where.admin, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(DATABASE)))
    return psycopg.connect(where.dsn(where.admin, DATABASE), autocommit=True)


def _drop() -> None:
    from config.postgres import server

    where = server()
    with psycopg.connect(where.dsn(where.admin, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))


def load(connection: psycopg.Connection[Any], vault: Vault, model: str, size: int, seed: int) -> tuple[list[Asked], list[Person]]:
    """Fill the tables; the people to ask for, and people of the same kind who were never recorded (one in ten a sibling of a recorded one)."""
    models: Any = judge if model == "judging" else noise
    people, chance = People(seed), random.Random(seed + 2)
    wanted, asked = set(chance.sample(range(size), QUESTIONS)), []
    connection.execute(TABLES)
    started, filed = time.perf_counter(), 0
    for start in range(0, size, 20_000):
        tokens, wrapped, sealed = [], [], []
        for place in range(start, min(start + 20_000, size)):
            person, ident = people.one(), uuid.UUID(int=chance.getrandbits(128))
            features = models.describe(person, models.RECORD, chance)
            key, item = vault.seal(str(ident), features)
            tokens += [f"{token(vault.blind, text)}\t{ident}" for text in keys(features)]
            wrapped.append(f"{ident}\t\\\\x{key.hex()}")
            sealed.append(f"{ident}\t\\\\x{item.hex()}")
            if place in wanted:
                asked.append(Asked(person, ident, features))
        filed += len(tokens)
        for table, rows in (("vault_token", tokens), ("vault_key", wrapped), ("persons_item", sealed)):
            with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write("\n".join(rows) + "\n")
    made = time.perf_counter() - started
    connection.execute(INDEXES)
    connection.execute("VACUUM ANALYZE")
    row = connection.execute("SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname IN ('vault_token')").fetchone()
    print(f"  {filed / size:.1f} keys a record; {made / size * 1e6:.0f} µs a record to make, seal and load; {time.perf_counter() - started - made:.0f} s for indexes; {int(row[0]) / size:.0f} bytes of tokens a record")  # fmt: skip
    strangers = [people.relative(one.person) if chance.random() < 0.1 else people.one() for one in asked]
    return asked, strangers


Ask = Callable[[Features], tuple[list[tuple[uuid.UUID, float]], list[tuple[uuid.UUID, Features]], tuple[float, float, float, float]]]


def asker(connection: psycopg.Connection[Any], vault: Vault, size: int) -> Ask:
    """A function from a description to its ten best with weights, all candidates, and the seconds of lookup, opening, scoring and processor."""

    def ask(
        features: Features,
    ) -> tuple[list[tuple[uuid.UUID, float]], list[tuple[uuid.UUID, Features]], tuple[float, float, float, float]]:
        before = _processor(connection.info.backend_pid)
        began = time.perf_counter()
        numbers = {
            "tokens": [token(vault.blind, text) for text in probes(features)],
            "total": size,
            "per_token": PER_TOKEN,
            "candidates": CANDIDATES,
        }
        rows = connection.execute(OPENED, numbers, binary=True).fetchall()
        found = time.perf_counter()
        candidates = [(person, vault.open(str(person), wrapped, sealed)) for person, wrapped, sealed in rows]
        opened = time.perf_counter()
        best = rank(features, candidates)
        ended = time.perf_counter()
        return (
            [(person, scored.weight) for person, scored in best],
            candidates,
            (
                found - began,
                opened - found,
                ended - opened,
                _processor(connection.info.backend_pid) - before,
            ),
        )

    return ask


def _processor(backend: int) -> float:
    """Seconds of processor time used by this process and, where the system tells (Linux), by the server's process."""
    try:
        with open(f"/proc/{backend}/schedstat") as told:
            return time.process_time() + int(told.read().split()[0]) / 1e9
    except OSError:
        return time.process_time()


def report(name: str, asked: list[Asked], ask: Ask, describe: Callable[[Person], Features], *, examples: bool) -> None:
    """Ask for recorded people and print time, recall and the causes of what was missed."""
    times: list[tuple[float, float, float, float]] = []
    first = strict = hits = plain = plain_hits = opened = 0
    causes: Counter[str] = Counter()
    for one in asked[:100]:
        ask(describe(one.person))
    for one in asked:
        features = describe(one.person)
        best, candidates, seconds = ask(features)
        times.append(seconds)
        opened += len(candidates)
        hit = one.recorded in [person for person, _ in best]
        hits += hit
        first += bool(best) and best[0][0] == one.recorded
        strict += any(person == one.recorded and weight >= STRICT for person, weight in best)
        if not features.documents and not features.phones:
            plain += 1
            plain_hits += hit
        if not hit:
            there = any(person == one.recorded for person, _ in candidates)
            causes[_cause(one.person, features, there=there)] += 1
            if examples and one.record and causes.total() <= int(os.environ.get("QALXAN_BENCH_EXAMPLES", "0")):
                scored = explain(prepare(features), prepare(one.record))
                print(f"    missed: {features} | {one.record} | {there} {scored.weight:.1f}", [weight for _, weight in best][:10:9])
    count = len(asked)
    spent, busy = sorted(sum(seconds[:3]) for seconds in times), sorted(seconds[3] for seconds in times)
    parts = ", ".join(
        f"{part} {sorted(row[i] for row in times)[count // 2] * 1000:.1f}" for i, part in enumerate(("lookup", "opening", "scoring"))
    )
    print(f"  {name}: recall@10 {hits / count:.4f} (without document and phone {plain_hits / max(plain, 1):.4f} of {plain}), first {first / count:.4f}, at the strict weight {strict / count:.4f}")  # fmt: skip
    print(f"    median {spent[count // 2] * 1000:.1f} ms ({parts}), p95 {spent[int(count * 0.95)] * 1000:.1f} ms, p99 {spent[int(count * 0.99)] * 1000:.1f} ms; {opened / count:.0f} opened; processor time of caller and server together: median {busy[count // 2] * 1000:.1f}, p95 {busy[int(count * 0.95)] * 1000:.1f} ms; load {os.getloadavg()[0]:.1f}")  # fmt: skip
    for cause, many in causes.most_common(8):
        print(f"    missed {many} ({many / count:.2%}): {cause}")


def _cause(person: Person, features: Features, *, there: bool) -> str:
    """Why a recorded person was not among the ten best."""
    asked = "no birth" if features.birth.year is None else "birth whole" if features.birth.full else "birth without a day"
    kept = "" if person.day and (person.month, person.day) != (1, 1) else ", recorded without a day"
    father = "" if len(features.names[0].split()) > 2 else ", no father's name"
    return f"{'weighed below the tenth' if there else 'not a candidate'}; {asked}{kept}{father}"


def suspect(strangers: list[Person], ask: Ask, describe: Callable[[Person], Features]) -> None:
    """Ask for people who were never recorded and print how often somebody is suggested all the same."""
    weights = [best[0][1] if (best := ask(describe(person))[0]) else 0.0 for person in strangers]
    shares = ", ".join(
        f"{bound:.0f}: {sum(weight >= bound for weight in weights) / len(weights):.4f}" for bound in (20, 22, 24, 26, 28, 30, 34)
    )
    print(f"  never recorded: {sum(weight >= STRICT for weight in weights) / len(weights):.4f} get a false suggestion at the strict weight {STRICT:.0f} (by weight {shares})")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "judging", int(sys.argv[2]) if len(sys.argv) > 2 else 0)
