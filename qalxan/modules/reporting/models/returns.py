"""Returns: one per body and window, one answer per duty, and what was ever written in them."""

from django.conf import settings
from django.db import models

from qalxan.foundation.bodies.models import Body
from qalxan.modules.plans.models import Duty
from qalxan.modules.reporting.choices import Qualifier, RatingValue, ReturnState, Stance
from qalxan.modules.reporting.models.indicators import Indicator
from qalxan.modules.reporting.models.windows import Window


class Return(models.Model):
    """A body's return for a window. `due_on` is the window's day or the body's extension."""

    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="returns")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(max_length=12, choices=ReturnState, default=ReturnState.NOT_OPENED)
    due_on = models.DateField()
    note = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["window", "body"], name="one_return_a_window")]

    def __str__(self) -> str:
        return f"{self.window_id} {self.body_id} {self.state}"


class StateChange(models.Model):
    """A step in a return's life, with the note that went with it. Only added."""

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="steps")
    before = models.CharField(max_length=12, choices=ReturnState)
    after = models.CharField(max_length=12, choices=ReturnState)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.of_id} {self.before} > {self.after}"


class Answer(models.Model):
    """What a body says of one duty. `version` grows with every save; who saves on an older one merges."""

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="answers")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="answers")
    stance = models.CharField(max_length=10, choices=Stance, default=Stance.NONE, blank=True)
    narrative = models.TextField(blank=True)
    self_rating = models.CharField(max_length=12, choices=RatingValue, blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "duty"], name="one_answer_a_duty")]

    def __str__(self) -> str:
        return f"{self.of_id} {self.duty_id}"


class AnswerVersion(models.Model):
    """Words an answer once had. Saves of one person within ten minutes share a row, so typing leaves one trace, not hundreds."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    stance = models.CharField(max_length=10, blank=True)
    narrative = models.TextField(blank=True)
    self_rating = models.CharField(max_length=12, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.version}"


class Parked(models.Model):
    """Words that met a newer version: kept until their writer merges or drops them, whatever happens to the browser."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="parked")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.JSONField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "by"], condition=models.Q(settled_at=None), name="one_parked_a_person")]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.by_id}"


class Value(models.Model):
    """A body's value of an indicator, or of one slice of it, in a return. The value is empty when it is unknown, never zero.

    Sums over bodies are computed from these and never stored.
    """

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="values")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    key = models.CharField(max_length=200, blank=True)
    qualifier = models.CharField(max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    value = models.DecimalField(max_digits=16, decimal_places=3, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "indicator", "key"], name="one_value_a_slice"),
            models.CheckConstraint(
                condition=(models.Q(qualifier="unknown") & models.Q(value=None))
                | (~models.Q(qualifier="unknown") & models.Q(value__isnull=False)),
                name="unknown_is_not_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.indicator_id} {self.key}"
