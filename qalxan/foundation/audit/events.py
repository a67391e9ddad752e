"""Every event the log knows. A name not listed here stops the program."""

from enum import StrEnum


class AuditEvent(StrEnum):
    """What happened, as the log keeps it."""

    REFUSED = "access.refused"
    SIGNED_IN = "accounts.signed_in"
    SIGNED_OUT = "accounts.signed_out"
    DEMO_SWITCHED = "accounts.demo_switched"
    POST_STARTED = "accounts.post_started"
    POST_ENDED = "accounts.post_ended"
    FOCAL_HANDED_OVER = "bodies.focal_handed_over"
    BODIES_LOADED = "bodies.loaded"
    ROSTER_SET = "plans.roster_set"
    ACT_IMPORTED = "plans.act_imported"
    DRAFT_CORRECTED = "plans.draft_corrected"
    DRAFTS_MERGED = "plans.drafts_merged"
    DRAFT_DISCARDED = "plans.draft_discarded"
    ACT_ADOPTED = "plans.act_adopted"
    AMENDMENT_APPLIED = "plans.amendment_applied"
    OPEN_LIST_RESOLVED = "plans.open_list_resolved"
    DUTIES_COMPILED = "plans.duties_compiled"
    PARTICIPATION_DECIDED = "plans.participation_decided"
    FINANCING_RECORDED = "plans.financing_recorded"
    PRINCIPLE_CHECKED = "plans.principle_checked"
    TREATY_RECORDED = "plans.treaty_recorded"
    EXPORTED = "plans.exported"
