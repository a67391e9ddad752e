"""A half of a recovery code is kept as a digest of what `accounts_recovery_finish` is given, not as what it is given.

The app role reads `accounts_approval`. What stood there was the very value the function compares with: an injected statement could read both
halves of a ready recovery and finish it with a password of its own. Halves given before this migration fit no more; two say yes again.
"""

import importlib

from django.db import migrations

BEFORE = importlib.import_module("qalxan.foundation.accounts.migrations.0004_recovery_by_two").FUNCTIONS
APPROVE = "accounts_recovery_approve(which bigint, in_post bigint, digest bytea)"
FINISH = "accounts_recovery_finish(address text, first bytea, second bytea, encoded text)"


def _with(head: str, told: str, kept: str) -> str:
    body = BEFORE[head]
    assert body.count(told) == 1, head
    return f"CREATE OR REPLACE FUNCTION {head}{body.replace(told, kept)};"


AFTER = "\n".join(
    [
        _with(APPROVE, "clock_timestamp(), digest)", "clock_timestamp(), sha256(digest))"),
        _with(
            FINISH, "NOT (first = ANY (halves) AND second = ANY (halves))", "(sha256(first) = ANY (halves) AND sha256(second) = ANY (halves)) IS NOT TRUE"
        ),
    ]
)
UNDO = "\n".join(f"CREATE OR REPLACE FUNCTION {head}{BEFORE[head]};" for head in (APPROVE, FINISH))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_enter")]
    operations = [migrations.RunSQL(AFTER, UNDO)]
