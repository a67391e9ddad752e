"""The log: what was done, by whom, to what. No personal data, no words of a victim, no secrets."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


class Kind(models.TextChoices):
    """What a row of the log is: a change, the intent to open a sealed thing, what came of it, or a refusal."""

    ENTRY = "entry"
    INTENT = "intent"
    OUTCOME = "outcome"
    REFUSAL = "refusal"


class Entry(models.Model):
    """One row of the log, written by the database function `audit_append` alone; never changed, never deleted.

    `subject` is a code such as "plan:MFP-2020"; `detail` holds codes, counts and dates only. `user` is an id without a
    foreign key, so the log outlives accounts. `person`, `compartment`, `grant` and `purpose` say whose sealed thing was
    to be opened, under which grant and why; `intent` is the row an outcome belongs to. `salt` hides the row from whoever
    guesses at its published hash.
    """

    at = models.DateTimeField(db_default=Now())
    user = models.BigIntegerField(null=True)
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    kind = models.CharField(max_length=8, choices=Kind, db_default=Kind.ENTRY)
    intent = models.BigIntegerField(null=True)
    person = models.UUIDField(null=True)
    compartment = models.CharField(max_length=20, db_default="")
    grant = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=20, db_default="")
    salt = models.UUIDField(db_default=RandomUUID())

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="audit_subject"),
            models.Index(fields=["user", "-id"], name="audit_user"),
            models.Index(fields=["person", "-id"], name="audit_person", condition=models.Q(person__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["intent"], condition=models.Q(intent__isnull=False), name="audit_one_outcome"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="audit_kind"),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.OUTCOME, intent__isnull=False) | (~models.Q(kind=Kind.OUTCOME) & models.Q(intent=None)),
                name="audit_outcome_has_intent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.subject}"


class Pending(models.Model):
    """A committed row that the sequencer has not chained yet."""

    entry = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "audit_pending"

    def __str__(self) -> str:
        return str(self.entry)


class Leaf(models.Model):
    """A row's place in the chain and in the tree: `seq` counts from 0 without a gap, in the order rows were committed."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, db_column="entry", db_constraint=False, related_name="leaf")
    leaf_hash = models.BinaryField()
    chain_hash = models.BinaryField()

    class Meta:
        db_table = "audit_leaf"

    def __str__(self) -> str:
        return str(self.seq)


class Node(models.Model):
    """The hash of a full subtree of 256**n leaves, so that a proof reads a few hundred hashes and not the whole log."""

    id = models.BigAutoField(primary_key=True)
    level = models.SmallIntegerField()
    place = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_node"
        constraints = [models.UniqueConstraint(fields=["level", "place"], name="audit_node_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.place}"


class Head(models.Model):
    """A signed head of the tree: its size, its root, and the signed note as published."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "audit_head"

    def __str__(self) -> str:
        return str(self.size)


class VerifierKey(models.Model):
    """The public key heads are signed with, in the verifier-key form of signed notes."""

    vkey = models.CharField(max_length=300, unique=True)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "audit_key"

    def __str__(self) -> str:
        return self.vkey
