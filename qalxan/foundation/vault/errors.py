"""Why the broker did not do a thing, by the code that goes over the wire."""

from typing import ClassVar


class Told(Exception):
    """A refusal that is told to the asker as a code and nothing more."""

    code: ClassVar[str] = "failed"


class NoGrant(Told):
    """No live session, no such person, or no grant: all look the same."""

    code = "closed"


class Spent(Told):
    """The account's or the site's share of openings is used up."""

    code = "budget"


class Gone(Told):
    """The person's keys were destroyed."""

    code = "erased"


class Broken(Told):
    """A sealed thing does not open where it was presented."""

    code = "tampered"


class NotAllowed(Told):
    """A command for the operator, from somebody else."""

    code = "forbidden"


class Away(Told):
    """The database does not answer, so nothing can be written ahead and nothing is opened."""

    code = "away"


class Unreadable(Told):
    """A request that breaks the protocol."""

    code = "malformed"


class Busy(Told):
    """More callers than the broker serves at once."""

    code = "busy"
