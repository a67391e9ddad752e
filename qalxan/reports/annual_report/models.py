"""Editions of reports: a frozen data cut, texts by section, files, and the seal."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from qalxan.reports.annual_report.choices import EditionState, Kind, RenderState


class Edition(models.Model):
    """An edition of a report for a year (for the US report: the period that begins in April of it).

    `sections` is the list of {"code", "az", "en", "ru"} in order. `cut` is everything the files are made of but the prose: figures with
    their definitions, sources, contributors, approvers and checks, series, silence, acts; `cut_sha256` is over its canonical form.
    """

    kind = models.CharField(max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=EditionState, default=EditionState.DRAFT)
    plan = models.SlugField(max_length=40)
    sections = models.JSONField()
    cut = models.JSONField(null=True)
    cut_sha256 = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    tools = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "number"], name="edition_number"),
            models.UniqueConstraint(fields=["kind", "year"], condition=~Q(state=EditionState.SEALED), name="one_edition_in_work"),
            models.CheckConstraint(condition=Q(state=EditionState.DRAFT) | Q(cut__isnull=False), name="frozen_edition_has_its_cut"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}/{self.number}"


class SectionText(models.Model):
    """A wording of a section in a language; the newest counts, older ones stay readable. Only added."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="texts")
    section = models.SlugField(max_length=40)
    language = models.CharField(max_length=2)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "section", "language", "version"], name="text_version_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.section} {self.language} v{self.version}"


class Render(models.Model):
    """One making of an edition's files, with its progress; it can be left and come back to."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="renders")
    state = models.CharField(max_length=8, choices=RenderState, default=RenderState.WAITING)
    step = models.CharField(max_length=60, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    fault = models.TextField(blank=True)
    seals = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.edition_id} {self.state} {self.percent} %"


class EditionFile(models.Model):
    """A file of an edition: its bytes and their hash. Those of a sealed edition are the seal; they are only added."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="files")
    render = models.ForeignKey(Render, on_delete=models.CASCADE, related_name="files")
    language = models.CharField(max_length=2)
    form = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["render", "language", "form"], name="one_file_a_form")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.language}.{self.form}"
