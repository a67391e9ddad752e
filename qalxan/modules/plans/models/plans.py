"""A plan, its sections and measures, and each cell as a dated fact."""

from django.db import models

from qalxan.modules.plans.choices import Column
from qalxan.modules.plans.models.acts import Act


class Plan(models.Model):
    """A plan or programme put in force by an act. Measure numbers are unique within a plan only.

    `last_year` is empty where the act names no end. `needs_participation` is set for a programme signed with a special opinion:
    the state's part in each line is decided on its own.
    """

    code = models.SlugField(max_length=40, unique=True)
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="plan")
    title_az = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    title_ru = models.CharField(max_length=300)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField(null=True)
    principles = models.JSONField(default=list)
    financing = models.TextField(blank=True)
    special_opinion = models.TextField(blank=True)
    needs_participation = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_year=None) | models.Q(last_year__gte=models.F("first_year")), name="plan_years_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Section(models.Model):
    """A section of a plan, in printed order; the number is as printed ("4.1", "II")."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True)
    title = models.TextField(blank=True)
    short_az = models.CharField(max_length=200, blank=True)
    short_en = models.CharField(max_length=200, blank=True)
    short_ru = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="section_place")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.number


class Measure(models.Model):
    """A measure: an identity that lasts while its cells change. A number printed twice is told apart by `occurrence`."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, related_name="measures")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True)
    occurrence = models.PositiveSmallIntegerField(default=1)
    short_az = models.CharField(max_length=200, blank=True)
    short_en = models.CharField(max_length=200, blank=True)
    short_ru = models.CharField(max_length=200, blank=True)
    search = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number", "occurrence"], name="measure_number_in_plan"),
            models.UniqueConstraint(fields=["plan", "position"], name="measure_place"),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.number or f"#{self.position}"


class Cell(models.Model):
    """One cell of a measure as a dated fact: the value, the act and clause it stands on, in force from (and to), known since.

    Cells are only added. The cell in force on a day is the latest to come into force, then the latest known.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="cells")
    column = models.CharField(max_length=12, choices=Column)
    value = models.JSONField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="cells")
    clause = models.CharField(max_length=60, blank=True)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)
    known_since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "column", "in_force_from", "known_since"], name="one_cell_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(in_force_to=None) | models.Q(in_force_to__gt=models.F("in_force_from")), name="cell_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.column} {self.in_force_from}"
