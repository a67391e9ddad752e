"""Every right there is, and which role holds it. A name not listed here stops the program."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Permission(StrEnum):
    """A right to do one kind of thing; the text says it to a person."""

    SELF = "self"
    RECOVERY_VIEW = "accounts.recovery"
    RECOVERY_ASK = "accounts.recovery_ask"
    RECOVERY_APPROVE = "accounts.recovery_approve"
    MATRIX_VIEW = "access.matrix"
    AUDIT_VIEW = "audit.view"
    STYLEGUIDE_VIEW = "shell.styleguide"
    PERSON_WORK = "persons.work"
    PERSON_REGISTER = "persons.register"
    PERSON_SHEET = "persons.sheet"
    CASE_ASSIGN = "persons.assign"
    BODY_VIEW = "bodies.view"
    FOCAL_HAND_OVER = "bodies.hand_over"
    ROSTER_EDIT = "bodies.roster"
    PLAN_VIEW = "plans.view"
    DRAFT_VIEW = "plans.draft"
    ACT_IMPORT = "plans.import"
    DRAFT_CORRECT = "plans.correct"
    ACT_ADOPT = "plans.adopt"
    PLAN_AMEND = "plans.amend"
    OPEN_LIST_RESOLVE = "plans.resolve"
    PARTICIPATION_DECIDE = "plans.participation"
    FINANCING_RECORD = "plans.financing"
    PRINCIPLE_CHECK = "plans.principle"
    TREATY_RECORD = "plans.treaty"
    DUTY_VIEW = "plans.duty"
    FEED_READ = "plans.feed"
    RETURN_VIEW = "reporting.view"
    RETURN_WRITE = "reporting.write"
    BOARD_VIEW = "reporting.board"
    WINDOW_MANAGE = "reporting.window"
    RETURN_REVIEW = "reporting.review"
    INDICATOR_EDIT = "reporting.indicator"
    RATE_COORDINATOR = "reporting.rate"
    RATE_INDEPENDENT = "reporting.evaluate"
    VERIFIABILITY_SET = "reporting.verifiable"
    COORDINATION_VIEW = "coordination.view"
    COORDINATION_MANAGE = "coordination.manage"
    AGENDA_AGREE = "coordination.agree"
    TASK_REPORT = "coordination.task"
    RECOMMENDATION_EDIT = "coordination.recommend"
    FACT_VIEW = "statistics.view"
    FACT_ENTER = "statistics.enter"
    FACT_APPROVE = "statistics.approve"
    EDITION_READ = "reports.read"
    EDITION_PREPARE = "reports.prepare"
    EDITION_SEAL = "reports.seal"

    @property
    def label(self) -> str:
        """What the right allows, in the reader's language."""
        return str(_LABELS[self])


_LABELS = {
    Permission.SELF: _("Use one's own account"),
    Permission.RECOVERY_VIEW: _("See which accounts are being recovered"),
    Permission.RECOVERY_ASK: _("Ask that another person's account be recovered"),
    Permission.RECOVERY_APPROVE: _("Approve the recovery of an account"),
    Permission.MATRIX_VIEW: _("See who may do what"),
    Permission.AUDIT_VIEW: _("Read the log"),
    Permission.STYLEGUIDE_VIEW: _("See the style guide"),
    Permission.PERSON_WORK: _("Work with the cases and records one was given"),
    Permission.PERSON_REGISTER: _("Register a person and open a case"),
    Permission.PERSON_SHEET: _("Print for a person who saw their data and why"),
    Permission.CASE_ASSIGN: _("Assign the cases one's body leads, and record decisions that seal them"),
    Permission.BODY_VIEW: _("See the register of bodies"),
    Permission.FOCAL_HAND_OVER: _("Appoint and change focal points"),
    Permission.ROSTER_EDIT: _("Set the members of a group for a year"),
    Permission.PLAN_VIEW: _("Read plans in force"),
    Permission.DRAFT_VIEW: _("See drafts of acts"),
    Permission.ACT_IMPORT: _("Import an act"),
    Permission.DRAFT_CORRECT: _("Correct a draft"),
    Permission.ACT_ADOPT: _("Adopt an act"),
    Permission.PLAN_AMEND: _("Apply an amendment"),
    Permission.OPEN_LIST_RESOLVE: _("Name the bodies of an open list"),
    Permission.PARTICIPATION_DECIDE: _("Record the decision on taking part"),
    Permission.FINANCING_RECORD: _("Record financing"),
    Permission.PRINCIPLE_CHECK: _("Check a measure against the principles"),
    Permission.TREATY_RECORD: _("Record what is known of a treaty"),
    Permission.DUTY_VIEW: _("See duties"),
    Permission.FEED_READ: _("Subscribe to a calendar of duties"),
    Permission.RETURN_VIEW: _("See returns"),
    Permission.RETURN_WRITE: _("Answer for one's body"),
    Permission.BOARD_VIEW: _("See who has reported"),
    Permission.WINDOW_MANAGE: _("Open, close and extend return windows"),
    Permission.RETURN_REVIEW: _("Send back, approve and re-open returns"),
    Permission.INDICATOR_EDIT: _("Define indicators and who counts them"),
    Permission.RATE_COORDINATOR: _("Rate answers for the coordinator"),
    Permission.RATE_INDEPENDENT: _("Rate answers independently"),
    Permission.VERIFIABILITY_SET: _("Say whether a measure can be checked"),
    Permission.COORDINATION_VIEW: _("See meetings, decisions and recommendations"),
    Permission.COORDINATION_MANAGE: _("Prepare meetings and keep their record"),
    Permission.AGENDA_AGREE: _("Agree an agenda"),
    Permission.TASK_REPORT: _("Report on a task of one's body"),
    Permission.RECOMMENDATION_EDIT: _("Keep outside recommendations and their answers"),
    Permission.FACT_VIEW: _("See figures and their sources"),
    Permission.FACT_ENTER: _("Enter and import figures"),
    Permission.FACT_APPROVE: _("Approve figures and choose between sources"),
    Permission.EDITION_READ: _("Read sealed reports"),
    Permission.EDITION_PREPARE: _("Prepare a report"),
    Permission.EDITION_SEAL: _("Seal a report"),
}


class Role(StrEnum):
    """A post's role. What each comes for is told in docs/guide; new personas are added here and nowhere else."""

    COORDINATOR = "coordinator"
    COORDINATOR_OFFICE = "coordinator_office"
    FOCAL_POINT = "focal_point"
    DEPUTY_FOCAL_POINT = "deputy_focal_point"
    HEAD_OF_BODY = "head_of_body"
    READER = "reader"
    EVALUATOR = "evaluator"
    HOTLINE_OPERATOR = "hotline_operator"
    FIRST_RESPONDER = "first_responder"
    POLICE_OFFICER = "police_officer"
    SHELTER_STAFF = "shelter_staff"
    SOCIAL_WORKER = "social_worker"
    CONSUL = "consul"
    TRAINER = "trainer"
    STATISTICIAN = "statistician"
    OMBUDSPERSON = "ombudsperson"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """The role's name in the reader's language."""
        return str(_ROLE_NAMES[self])


_ROLE_NAMES = {
    Role.COORDINATOR: pgettext_lazy("role", "National Coordinator"),
    Role.COORDINATOR_OFFICE: pgettext_lazy("role", "Coordinator's office"),
    Role.FOCAL_POINT: pgettext_lazy("role", "Focal point of a body"),
    Role.DEPUTY_FOCAL_POINT: pgettext_lazy("role", "Deputy focal point"),
    Role.HEAD_OF_BODY: pgettext_lazy("role", "Head of a body"),
    Role.READER: pgettext_lazy("role", "Reader in the Cabinet or Parliament"),
    Role.EVALUATOR: pgettext_lazy("role", "Independent evaluator"),
    Role.HOTLINE_OPERATOR: pgettext_lazy("role", "Hotline operator"),
    Role.FIRST_RESPONDER: pgettext_lazy("role", "First responder"),
    Role.POLICE_OFFICER: pgettext_lazy("role", "Officer of the special police unit"),
    Role.SHELTER_STAFF: pgettext_lazy("role", "Shelter staff"),
    Role.SOCIAL_WORKER: pgettext_lazy("role", "Social worker"),
    Role.CONSUL: pgettext_lazy("role", "Consul"),
    Role.TRAINER: pgettext_lazy("role", "Trainer"),
    Role.STATISTICIAN: pgettext_lazy("role", "Statistician"),
    Role.OMBUDSPERSON: pgettext_lazy("role", "Ombudsperson"),
    Role.AUDITOR: pgettext_lazy("role", "Auditor"),
}

_EVERYONE = frozenset(
    {
        Permission.SELF,
        Permission.PLAN_VIEW,
        Permission.BODY_VIEW,
        Permission.MATRIX_VIEW,
        Permission.STYLEGUIDE_VIEW,
        Permission.EDITION_READ,
    }
)
_OVERSIGHT = _EVERYONE | {Permission.DUTY_VIEW, Permission.RETURN_VIEW, Permission.COORDINATION_VIEW}
_CHECKING = _OVERSIGHT | {Permission.BOARD_VIEW, Permission.FACT_VIEW}
_OFFICE = _CHECKING | {
    Permission.DRAFT_VIEW,
    Permission.ACT_IMPORT,
    Permission.DRAFT_CORRECT,
    Permission.OPEN_LIST_RESOLVE,
    Permission.ROSTER_EDIT,
    Permission.FOCAL_HAND_OVER,
    Permission.FINANCING_RECORD,
    Permission.PRINCIPLE_CHECK,
    Permission.TREATY_RECORD,
    Permission.RETURN_REVIEW,
    Permission.RATE_COORDINATOR,
    Permission.INDICATOR_EDIT,
    Permission.COORDINATION_MANAGE,
    Permission.RECOMMENDATION_EDIT,
    Permission.FACT_ENTER,
    Permission.EDITION_PREPARE,
}
_BODY = _EVERYONE | {Permission.DUTY_VIEW, Permission.RETURN_VIEW, Permission.COORDINATION_VIEW, Permission.TASK_REPORT}
_RECOVERY = {Permission.RECOVERY_VIEW, Permission.RECOVERY_APPROVE}
_CARING = _EVERYONE | {Permission.PERSON_WORK, Permission.PERSON_SHEET}
_REGISTERING = _CARING | {Permission.PERSON_REGISTER}
_FOCAL = _BODY | {Permission.FEED_READ, Permission.RETURN_WRITE}
GRANTS: dict[Role, frozenset[Permission]] = {
    **dict.fromkeys(Role, _EVERYONE),
    Role.COORDINATOR: _OFFICE
    | _RECOVERY
    | {
        Permission.ACT_ADOPT,
        Permission.PLAN_AMEND,
        Permission.PARTICIPATION_DECIDE,
        Permission.WINDOW_MANAGE,
        Permission.VERIFIABILITY_SET,
        Permission.AGENDA_AGREE,
        Permission.FACT_APPROVE,
        Permission.EDITION_SEAL,
    },
    Role.COORDINATOR_OFFICE: _OFFICE | {Permission.RECOVERY_VIEW, Permission.RECOVERY_ASK},
    Role.FOCAL_POINT: _FOCAL,
    Role.DEPUTY_FOCAL_POINT: _FOCAL,
    Role.HEAD_OF_BODY: _BODY | _RECOVERY | {Permission.PERSON_WORK, Permission.CASE_ASSIGN},
    Role.READER: _OVERSIGHT,
    Role.EVALUATOR: _CHECKING | {Permission.RATE_INDEPENDENT},
    Role.HOTLINE_OPERATOR: _REGISTERING,
    Role.FIRST_RESPONDER: _REGISTERING,
    Role.POLICE_OFFICER: _REGISTERING,
    Role.SHELTER_STAFF: _CARING,
    Role.SOCIAL_WORKER: _REGISTERING,
    Role.CONSUL: _REGISTERING,
    Role.STATISTICIAN: _EVERYONE | {Permission.FACT_VIEW, Permission.FACT_ENTER, Permission.COORDINATION_VIEW},
    Role.OMBUDSPERSON: _CHECKING | _RECOVERY | {Permission.AUDIT_VIEW, Permission.PERSON_SHEET},
    Role.AUDITOR: _CHECKING | _RECOVERY | {Permission.AUDIT_VIEW, Permission.PERSON_SHEET},
}
"""Role → rights. The coordinator's office prepares; only the coordinator puts in force, opens a window, approves figures and seals."""
