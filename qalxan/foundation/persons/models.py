"""The smallest carrier of persons: a person, a case, who is in it, and sealed things. Row security is forced on every table."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, QuerySet

from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.access.scope import Kind, ScopedManager
from qalxan.foundation.bodies.models import Body


class Person(models.Model):
    """Somebody the system knows of: an id and nothing else. Names, documents and all other words are sealed things."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        db_table = "persons_person"

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def within(cls, rows: QuerySet[Kind]) -> QuerySet[Kind]:
        """Persons reached in some compartment."""
        return rows.extra(where=["persons_person.id = ANY((SELECT access_known())::uuid[])"])


class Case(models.Model):
    """A case: its number, when it was opened, where it stands, which body leads it, when and by which paper (`closing`) it was closed. No words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=40, unique=True)
    opened = models.DateField()
    state = models.CharField(max_length=20, default="open", choices=[("open", "open"), ("closed", "closed")])
    lead = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    closing = models.CharField(max_length=60, blank=True, db_default="")
    closed_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        db_table = "persons_case"
        indexes = [models.Index(fields=["lead", "-made_at"], name="case_lead")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None) | Q(state="closed", closed_on__gte=models.F("opened")),
                name="case_closed_on_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def within(cls, rows: QuerySet[Kind]) -> QuerySet[Kind]:
        """Cases one works on, and those one assigns to others."""
        return rows.extra(where=["persons_case.id IN (SELECT access_own_cases()) OR persons_case.lead_id IN (SELECT access_led())"])


class CasePerson(models.Model):
    """A person's place in a case, from the day it was seen until it was found wrong."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.BigIntegerField(null=True)
    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        db_table = "persons_caseperson"
        constraints = [models.UniqueConstraint(fields=["case", "person"], condition=Q(removed_at=None), name="person_once_in_a_case")]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def within(cls, rows: QuerySet[Kind]) -> QuerySet[Kind]:
        """Places of persons reached."""
        return rows.extra(where=["persons_caseperson.person_id = ANY((SELECT access_known())::uuid[])"])


class Item(models.Model):
    """One sealed thing of a person: a name, a document, a contact, a place, a note. `sealed` is opened by the broker alone.

    A correction is a new row that names the one it `replaces`; rows are never changed. `kind` is a code: what sort of thing, not what it says.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="items")
    compartment = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Compartment])
    kind = models.CharField(max_length=30)
    sealed = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        db_table = "persons_item"
        indexes = [models.Index(fields=["person", "compartment", "-made_at"], name="item_person")]
        constraints = [models.UniqueConstraint(fields=["replaces"], condition=Q(replaces__isnull=False), name="item_replaced_once")]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def within(cls, rows: QuerySet[Kind]) -> QuerySet[Kind]:
        """Things in rooms one reaches."""
        rooms = [
            f"(persons_item.compartment = '{c.value}' AND persons_item.person_id = ANY((SELECT access_reach('{c.value}'))::uuid[]))"
            for c in Compartment
        ]
        return rows.extra(where=["(" + " OR ".join(rooms) + ")"])  # noqa: S610 - words of an enumeration


class Merge(models.Model):
    """Two rows found to be one person: both keep their things and their history, and it can be undone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merged_from")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merged_into")
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    undone_by = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        db_table = "persons_merge"
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="merged_once"),
            models.CheckConstraint(condition=~Q(kept=models.F("gone")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def within(cls, rows: QuerySet[Kind]) -> QuerySet[Kind]:
        """Merges of persons one reaches on both sides: who knows one of two does not learn of the other."""
        known = "(SELECT access_known())::uuid[]"
        return rows.extra(where=[f"persons_merge.kept_id = ANY({known}) AND persons_merge.gone_id = ANY({known})"])  # noqa: S610 - words of our own
