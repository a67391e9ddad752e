"""Indicators: what is counted, in what unit, split by what, and by whom."""

from django.db import models

from qalxan.foundation.bodies.models import Body
from qalxan.modules.plans.models import Measure
from qalxan.modules.reporting.choices import Unit


class Indicator(models.Model):
    """A definition of something counted. Every figure of every report carries the code of one.

    `dimensions` names the splits a value may carry, of `qalxan.kernel.figures.DIMENSIONS`. Baseline and target are empty where
    no source sets them.
    """

    code = models.SlugField(max_length=60, unique=True)
    label_az = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    label_ru = models.CharField(max_length=200)
    definition_az = models.TextField(blank=True)
    definition_en = models.TextField(blank=True)
    definition_ru = models.TextField(blank=True)
    unit = models.CharField(max_length=16, choices=Unit)
    dimensions = models.JSONField(default=list)
    baseline = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    baseline_year = models.PositiveSmallIntegerField(null=True)
    target = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    target_year = models.PositiveSmallIntegerField(null=True)
    measures = models.ManyToManyField(Measure, related_name="indicators")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Counter(models.Model):
    """The declaration that a body counts an indicator (or one slice of it). Who is not declared gives no value, so nothing is counted twice.

    `slice` is a canonical key of dimensions ("" for the whole), see `qalxan.kernel.figures.key_of`.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="counters")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    slice = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "body", "slice"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.body_id} {self.slice}"
