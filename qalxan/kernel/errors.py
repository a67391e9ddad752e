"""Errors a person can act on: what is wrong, where, and what to do."""

from dataclasses import dataclass


@dataclass(eq=False)
class BadInput(Exception):
    """Input that cannot be used. The command line prints it as one line and exits 2.

    `what` is the fault, `where` the place ("line 12", a field, a file), `remedy` the next step for the person.
    """

    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}." + (f" {self.remedy}." if self.remedy else "")


class RuleBroken(Exception):
    """A rule of the domain refuses a write; the message is a translatable sentence for the person."""
