"""States and code lists of plans."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActKind(TextChoices):
    """Kinds of act."""

    ORDER = "order", _("Order")
    DECREE = "decree", _("Decree")
    LAW = "law", _("Law")
    DECISION = "decision", _("Decision")


class ActState(TextChoices):
    """Where an act stands: nothing is in force before a named person adopted it."""

    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Waiting to be applied")
    ADOPTED = "adopted", _("In force")
    DISCARDED = "discarded", _("Discarded")


class Column(TextChoices):
    """The cells of a measure."""

    TEXT = "text", _("Measure")
    EXECUTORS = "executors", _("Executing bodies")
    TERMS = "terms", _("Term")
    RESULTS = "results", _("Expected results")
    RECOMMENDED = "recommended", _("Recommended participants")
    DECIDED_BY = "decided_by", _("Deciding body")


class DutyRole(TextChoices):
    """In what role a body owes a duty."""

    EXECUTOR = "executor", _("executor")
    INVOLVED = "involved", _("to be involved")
    RECOMMENDED = "recommended", _("recommended")


class DutyState(TextChoices):
    """A duty's state; withdrawn ones stay on record."""

    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TermKind(TextChoices):
    """How a term is set."""

    YEARS = "years", _("in certain years")
    MONTH = "month", _("by a month")
    CONTINUOUS = "continuous", _("ongoing")
    YEARLY = "yearly", _("every year")
    YEARLY_MONTH = "yearly_month", _("every year by a month")
    WITHIN = "within", _("within a time after adoption")
    UNSET = "unset", _("not set")


class MoneySource(TextChoices):
    """Lawful sources of financing (plan 2020-2024, clause 3)."""

    STATE_BUDGET = "state_budget", _("State budget")
    EXTRA_BUDGETARY = "extra_budgetary", _("Extra-budgetary funds")
    GRANT = "grant", _("Grant")
    OTHER = "other", _("Other lawful source")


class Participation(TextChoices):
    """The state's part in a line of a programme signed with a special opinion."""

    OPEN = "open", _("Not decided yet")
    DECIDED = "decided", _("Takes part")
    REFUSED = "refused", _("Does not take part")


class CheckAnswer(TextChoices):
    """Does a measure follow a working principle? Unknown is an answer of its own."""

    UNKNOWN = "unknown", _("Not checked")
    YES = "yes", _("Follows")
    NO = "no", _("Does not follow")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")
