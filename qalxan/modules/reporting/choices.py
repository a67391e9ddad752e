"""States and code lists of reporting."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from qalxan.kernel.silence import Silence


class WindowState(TextChoices):
    """Where a return window stands."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class ReturnState(TextChoices):
    """Where a return stands. Whether it is late follows from its dates, not from its state."""

    NOT_OPENED = "not_opened", _("Not opened")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Sent back with a note")
    APPROVED = "approved", _("Approved")
    LOCKED = "locked", _("Locked")
    REOPENED = "reopened", _("Re-opened")
    REFUSED = "refused", _("The body refused to answer")


WRITABLE = frozenset({ReturnState.NOT_OPENED, ReturnState.DRAFT, ReturnState.RETURNED, ReturnState.REOPENED})
"""States in which the body may write."""
HANDED_IN = frozenset({ReturnState.SUBMITTED, ReturnState.APPROVED, ReturnState.LOCKED})
"""States in which the body has answered."""
FINAL = frozenset({ReturnState.APPROVED, ReturnState.LOCKED})
"""States whose figures count."""


SILENCE_LABELS = {
    Silence.NOT_DUE: _("not due"),
    Silence.DUE: _("due"),
    Silence.LATE: _("late"),
    Silence.NO_ANSWER: _("no answer when the window closed"),
    Silence.REFUSED: _("refused"),
    Silence.NOTHING: _("nothing to report"),
    Silence.ANSWERED: _("answered"),
}
SILENCE_TAGS = {
    Silence.LATE: "bad",
    Silence.NO_ANSWER: "bad",
    Silence.REFUSED: "bad",
    Silence.DUE: "wait",
    Silence.ANSWERED: "good",
    Silence.NOTHING: "good",
}


class Stance(TextChoices):
    """What a body says of one duty."""

    NONE = "", _("not answered yet")
    DONE = "answered", _("answered")
    NOTHING = "nothing", _("nothing to report")
    REFUSED = "refused", _("refused")


class RatingValue(TextChoices):
    """How far a measure was carried out; "no evidence" is kept apart from "not started"."""

    NO_EVIDENCE = "no_evidence", _("No evidence")
    NOT_STARTED = "not_started", _("Not started")
    LIMITED = "limited", _("Limited")
    SUBSTANTIAL = "substantial", _("Substantial")
    COMPLETE = "complete", _("Complete")


class Voice(TextChoices):
    """Whose rating it is."""

    BODY = "body", _("The body itself")
    COORDINATOR = "coordinator", _("The coordinator")
    EVALUATOR = "evaluator", _("The independent evaluator")


class Qualifier(TextChoices):
    """How exact a figure is, as its source prints it."""

    EXACT = "exact", _("exactly")
    MORE_THAN = "more_than", _("more than")
    ABOUT = "about", _("about")
    UNKNOWN = "unknown", _("unknown")


class Unit(TextChoices):
    """What a figure counts."""

    PERSONS = "persons", _("persons")
    CHILDREN = "children", _("children")
    CRIMES = "crimes", _("crimes")
    FACTS = "facts", _("established facts")
    CASES = "cases", _("cases")
    GROUPS = "groups", _("groups")
    EVENTS = "events", _("events")
    PLACES = "places", _("places")
    BODIES = "bodies", _("bodies")
    ORGANISATIONS = "organisations", _("organisations")
    COUNTRIES = "countries", _("countries")
    TREATIES = "treaties", _("treaties")
    CONTRACTS = "contracts", _("contracts")
    FAMILIES = "families", _("families")
    PROJECTS = "projects", _("projects")
    PLANS = "plans", _("plans")
    COPIES = "copies", _("copies")
    LANGUAGES = "languages", _("languages")
    CHANNELS = "channels", _("channels")
    FILES = "files", _("files of material")
    CALLS = "calls", _("calls")
    ROUTES = "routes", _("routes")
    PERCENT = "percent", _("%")
    RATE = "rate", _("per 100,000 people")
    AZN = "azn", _("manat")
    USD = "usd", _("US dollars")
    DATE = "date", _("date")
