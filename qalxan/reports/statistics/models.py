"""Figures as stored facts: who states them, who approved them, which one is taken where sources disagree."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qalxan.modules.reporting.choices import Qualifier
from qalxan.reports.statistics.choices import Origin


class Source(models.Model):
    """A document that states figures; `year` is the year it is about or came out in, as its title says.

    A code that begins with `derived-` is no document but a working-out from one: its figures are computed, and say so.
    """

    code = models.SlugField(max_length=40, unique=True)
    title_az = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    title_ru = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField(null=True)
    ref = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Fact(models.Model):
    """One statement of a figure. Facts are added, approved and withdrawn, never changed: a correction is a new fact.

    `year` is the year counted, `reporting_year` that of the publication. Without a period the whole year is meant. `key` is a canonical
    split (`qalxan.kernel.figures.key_of`). `value` is empty where the source says only that it is not known; `date` holds a figure that
    is a date. `decimals` is the printed precision. `contributors` lists {"return", "body", "value"} or {"fact"}.
    """

    indicator = models.ForeignKey("reporting.Indicator", on_delete=models.PROTECT, to_field="code", related_name="+")
    year = models.PositiveSmallIntegerField()
    reporting_year = models.PositiveSmallIntegerField(null=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    key = models.CharField(max_length=200, blank=True)
    qualifier = models.CharField(max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    date = models.DateField(null=True)
    origin = models.CharField(max_length=10, choices=Origin)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="facts")
    place = models.CharField(max_length=200, blank=True)
    figure = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)
    contributors = models.JSONField(default=list)
    known_since = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(origin=Origin.TYPED) | Q(source__isnull=False), name="typed_fact_has_source"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(date__isnull=False) | Q(qualifier=Qualifier.UNKNOWN), name="fact_states_something"
            ),
            models.CheckConstraint(condition=~Q(qualifier=Qualifier.UNKNOWN) | Q(value__isnull=True), name="unknown_has_no_value"),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(date__isnull=True), name="value_or_date"),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True, period_end__isnull=True) | Q(period_end__gte=F("period_start")),
                name="fact_period_in_order",
            ),
            models.CheckConstraint(condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="withdrawn_with_reason"),
            models.CheckConstraint(condition=Q(approved_by__isnull=True) | Q(approved_at__isnull=False), name="approved_at_a_moment"),
            models.UniqueConstraint(
                fields=["indicator", "year", "period_start", "period_end", "key", "source", "qualifier", "value", "date"],
                condition=Q(withdrawn_at__isnull=True, source__isnull=False),
                nulls_distinct=False,
                name="stated_fact_once",
            ),
        ]
        indexes = [
            models.Index(fields=["year", "indicator"], name="fact_year"),
            models.Index(fields=["indicator", "key", "year"], name="fact_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.key} {self.year}".replace("  ", " ")


class Choice(models.Model):
    """The fact taken of several that stand for the same indicator, split, year and period; the newest counts while its fact stands."""

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="choices")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="choice_has_reason")]

    def __str__(self) -> str:
        return f"fact {self.fact_id}"
