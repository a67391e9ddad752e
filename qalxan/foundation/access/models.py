"""Grounds, grants, consents and seals: who may know what, since when, until when, why. Only definer functions write them.

Posts and users stand as ids: `accounts` lies above this package. The database holds the references.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qalxan.foundation.access.choices import Because, Compartment, Ground, Purpose, Voice


def _words(of: type) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in of]  # type: ignore[attr-defined]  # an enumeration of text


class GroundRow(models.Model):
    """A fact that grants stand on: this post works on this case, cares for this person, has this shift. Ending it ends them all.

    A shift names neither person nor case. `reference` is the number of the order, hand-over act or roster: a code, no words.
    """

    kind = models.CharField(max_length=20, choices=_words(Ground))
    post = models.BigIntegerField()
    person = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=60, blank=True)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "access_ground"
        indexes = [models.Index(fields=["post"], name="ground_post"), models.Index(fields=["case_id"], name="ground_case")]
        constraints = [
            models.CheckConstraint(condition=Q(person=None) | Q(case_id=None), name="ground_one_thing"),
            models.CheckConstraint(condition=~Q(kind="care") | Q(person__isnull=False), name="care_is_for_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Grant(models.Model):
    """A post may open one compartment of one person, or of a case's persons, for one purpose, from-until, on one ground."""

    post = models.BigIntegerField()
    person = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    compartment = models.CharField(max_length=20, choices=_words(Compartment))
    purpose = models.CharField(max_length=20, choices=_words(Purpose))
    ground = models.ForeignKey(GroundRow, on_delete=models.PROTECT, related_name="grants")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    given_by = models.BigIntegerField()
    given_at = models.DateTimeField()

    class Meta:
        db_table = "access_grant"
        indexes = [
            models.Index(fields=["post", "compartment"], name="grant_post"),
            models.Index(fields=["person"], name="grant_person"),
            models.Index(fields=["case_id"], name="grant_case"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, case_id__isnull=False) | Q(person__isnull=False, case_id=None), name="grant_one_thing"
            ),
            models.CheckConstraint(condition=Q(until_at__gt=models.F("from_at")), name="grant_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.compartment} {self.purpose} {self.pk}"


class Consent(models.Model):
    """What a person agreed to: one purpose, these bodies, until then; in which language it was explained.

    For a child two voices are kept apart: the legal representative's and the child's own. `words` points to the sealed thing that holds
    what was said and who the representative is.
    """

    person = models.UUIDField()
    purpose = models.CharField(max_length=20, choices=_words(Purpose))
    recipients = ArrayField(models.CharField(max_length=40))
    language = models.CharField(max_length=8)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    child = models.BooleanField(default=False)
    representative = models.CharField(max_length=10, choices=_words(Voice), blank=True)
    own_voice = models.CharField(max_length=10, choices=_words(Voice), blank=True)
    words = models.UUIDField(null=True)
    recorded_by = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "access_consent"
        indexes = [models.Index(fields=["person", "purpose"], name="consent_person")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class Withhold(models.Model):
    """Not this, not to them, because: an empty compartment is everything, an empty body everybody."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="withholds")
    compartment = models.CharField(max_length=20, choices=_words(Compartment), blank=True)
    body = models.CharField(max_length=40, blank=True)
    because = models.CharField(max_length=20, choices=_words(Because))

    class Meta:
        db_table = "access_withhold"

    def __str__(self) -> str:
        return f"{self.compartment or '*'} {self.body or '*'}"


class Seal(models.Model):
    """A decision of a prosecuting body or court that suspends all access but the named; another decision lifts it."""

    person = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    authority = models.CharField(max_length=40)
    decision = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.BigIntegerField(null=True)
    lift_decision = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "access_seal"
        indexes = [
            models.Index(fields=["person"], condition=Q(lifted_at=None), name="seal_person"),
            models.Index(fields=["case_id"], condition=Q(lifted_at=None), name="seal_case"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, case_id__isnull=False) | Q(person__isnull=False, case_id=None), name="seal_one_thing"
            ),
            models.CheckConstraint(condition=Q(lifted_at=None) | ~Q(lift_decision=models.F("decision")), name="seal_another_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.decision}"


class SealNamed(models.Model):
    """A post that the sealing decision names: it keeps what its own grants give."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="named")
    post = models.BigIntegerField()

    class Meta:
        db_table = "access_seal_named"
        constraints = [models.UniqueConstraint(fields=["seal", "post"], name="seal_names_once")]

    def __str__(self) -> str:
        return f"{self.pk} {self.post}"
