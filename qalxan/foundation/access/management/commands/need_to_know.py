"""Write docs/dev/need-to-know.md from the code."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.env import ROOT
from qalxan.foundation.access.allseeing import document, faults


class Command(BaseCommand):
    """Write the table of who can reach what; fails when a combination of posts breaks the rule."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, then write."""
        if broken := faults():
            raise CommandError("; ".join(f"{code}: {' + '.join(roles)}" for code, roles in broken))
        (ROOT / "docs" / "dev" / "need-to-know.md").write_text(document(), encoding="utf-8")
