"""The vault through its broker: a register of sealed people, asked over the socket as the site does. Time of open, seal, find and match.

`qalxan bench vault` loads QALXAN_BENCH_SIZE (1,000,000) people in the judging noise model with its seed and asks in it; a cluster and
folders of its own, a real broker process. Recall is read from the notices that holders got.
"""

import os
import random
import sys
import time
import uuid
from typing import Any

from bench import judge
from bench.match import SEEDS
from bench.people import People, Person
from qalxan.foundation.vault import client, crypto, store
from qalxan.foundation.vault.keyring import Keyring
from qalxan.foundation.vault.matching import IDENTITY, Index, face
from qalxan.kernel import matching

QUESTIONS = 500
"""Below the site's 600 matches an hour; the broker is started anew for the second half."""


def main(size: int = 0) -> None:
    """Load, ask, print."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    django.setup()
    sys.path.insert(0, os.getcwd())
    from tests.vault_site import Site

    size = size or int(os.environ.get("QALXAN_BENCH_SIZE", "1000000"))
    site = Site("vault-bench", durable=True).build()
    try:
        asked = load(site, size)
        site.start()
        with site.here():
            small(site)
            for name, level in (("ordinary", judge.ORDINARY), ("hard", judge.HARD)):
                site.kill()
                site.start()
                ask(site, name, level, asked)
    finally:
        site.end()


def load(site: Any, size: int) -> list[tuple[Person, uuid.UUID]]:
    """Write sealed people as the broker would, in bulk; gives those to ask for."""
    (site.home / "keys").mkdir(exist_ok=True)
    ring = Keyring.open(site.home / "keys")
    index, version = Index(ring), ring.version(IDENTITY)
    wrapping, people, chance = ring.key(IDENTITY, version), People(SEEDS["judging"]), random.Random(SEEDS["judging"] + 2)
    wanted, asked, began, filed = set(chance.sample(range(size), QUESTIONS)), [], time.perf_counter(), 0
    with site.connect() as db:
        db.execute(
            "ALTER TABLE vault_token DROP CONSTRAINT vault_token_pkey; DROP INDEX vault_token_slot; SET maintenance_work_mem = '1GB'"
        )
        for start in range(0, size, 20_000):
            keys, faces, tokens = [], [], []
            for place in range(start, min(size, start + 20_000)):
                person, ident = people.one(), uuid.UUID(int=chance.getrandbits(128))
                features, data = judge.describe(person, judge.RECORD, chance), crypto.new_key()
                wrapped = crypto.seal(wrapping, data, store.bound(ident, IDENTITY, 1))
                keys.append(f"{ident}\t{IDENTITY}\t1\t\\\\x{wrapped.hex()}\t{version}")
                faces.append(f"{place + 1}\t{ident}\t\\\\x{crypto.seal(data, features.pack(), face(ident)).hex()}")
                tokens += [f"{number}\t{place + 1}" for number in set(index.tokens(matching.keys(features)))]
                if place in wanted:
                    asked.append((person, ident))
            filed += len(tokens)
            for table, rows in (
                ("vault_key (person, compartment, version, wrapped, key_version)", keys),
                ("vault_face (slot, person, sealed)", faces),
                ("vault_token", tokens),
            ):
                with db.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write("\n".join(rows) + "\n")
        loaded = time.perf_counter() - began
        db.execute("ALTER TABLE vault_token ADD PRIMARY KEY (token, slot); CREATE INDEX vault_token_slot ON vault_token USING brin (slot)")
        db.execute("SELECT setval('vault_face_slot_seq', %s)", [size])
        db.execute("VACUUM ANALYZE")
        db.execute("SET enable_seqscan = off")
        db.execute("SELECT count(*) FROM vault_token")  # the index lies in the server's cache, as in a register in use
        row = db.execute(
            "SELECT pg_total_relation_size('vault_token'), pg_total_relation_size('vault_face') + pg_total_relation_size('vault_key')"
        ).fetchone()
    print(f"Vault: {size:,} sealed people, judging noise, seed {SEEDS['judging']}; {filed / size:.1f} keys a record; {loaded / size * 1e6:.0f} µs a record to make, seal and load; {time.perf_counter() - began - loaded:.0f} s for indexes; {row[0] / size:.0f} bytes of tokens and {row[1] / size:.0f} of sealed record a person")  # fmt: skip
    return asked


def small(site: Any) -> None:
    """One thing sealed, opened and found, one after the other."""
    token = site.token("officer")
    person, place = site.person(token), crypto.Place("persons_item", "a1", "sealed", 1)
    sealed = client.seal(token, person, IDENTITY, *place, b'{"name":"Somebody Invented"}')
    client.index(token, person, matching.Features(("Somebody Invented",), documents=("AZE9999999",)))
    acts: dict[str, Any] = {
        "seal": lambda: client.seal(token, person, IDENTITY, *place, b'{"name":"Somebody Invented"}'),
        "open one": lambda: client.open(token, person, IDENTITY, [(place, sealed)], "investigation", "bench"),
        "open fifteen": lambda: client.open(token, person, IDENTITY, [(place, sealed)] * 15, "investigation", "bench"),
        "find": lambda: client.find(token, "document", "AZE9999999", "investigation", "bench"),
    }
    for name, act in acts.items():
        times = []
        for _ in range(35):
            site.forget_budgets()
            began = time.perf_counter()
            act()
            times.append(time.perf_counter() - began)
        print(f"  {name}: {line(times)}")


def ask(site: Any, name: str, level: Any, asked: list[tuple[Person, uuid.UUID]]) -> None:
    """Matches over the socket; recall is how often the record asked for got a notice among the five told."""
    token, chance, times, hits = site.token("other"), random.Random(SEEDS["judging"] + 1), [], 0
    with site.connect() as db:
        for person, ident in asked:
            features = judge.describe(person, level, chance)
            site.forget_budgets()
            db.execute("DELETE FROM vault_notice")
            began = time.perf_counter()
            client.match(token, features, "support", "bench")
            times.append(time.perf_counter() - began)
            hits += db.execute("SELECT 1 FROM vault_notice WHERE person = %s", [ident]).fetchone() is not None
    print(f"  match, {name}: {line(times)}; the holder was told in {hits / len(asked):.4f} of {len(asked)}; load {os.getloadavg()[0]:.1f}")


def line(times: list[float]) -> str:
    """Median, p95 and p99 in milliseconds."""
    ordered = sorted(times)
    return ", ".join(
        f"{name} {1000 * ordered[min(len(ordered) - 1, int(len(ordered) * part))]:.1f} ms"
        for name, part in (("median", 0.5), ("p95", 0.95), ("p99", 0.99))
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
