"""The registry of bodies: stable codes, names and parents through time, successors, aliases."""

from django.db import models

from qalxan.kernel.bodies import GROUP, OPEN_LIST


class Body(models.Model):
    """A state body, group of bodies, open list or partner. A renaming is a new body linked by `successor`.

    `valid_from` and `valid_to` are as precise as their source ("2022", "2015-12", "2021-10-11") and empty when it says nothing.
    """

    code = models.CharField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=30)
    valid_from = models.CharField(max_length=10, blank=True)
    valid_to = models.CharField(max_length=10, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")

    def __str__(self) -> str:
        return self.code

    @property
    def is_group(self) -> bool:
        """Whether the body stands for members that a roster names."""
        return self.kind in (GROUP, OPEN_LIST)


class BodyName(models.Model):
    """A name of a body in three languages, from and to a date (unknown edges are empty)."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="names")
    az = models.CharField(max_length=250)
    en = models.CharField(max_length=250)
    ru = models.CharField(max_length=250)
    valid_from = models.CharField(max_length=10, blank=True)
    valid_to = models.CharField(max_length=10, blank=True)
    sort_key = models.CharField(max_length=250, db_collation="C")

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.az


class BodyParent(models.Model):
    """What a body was part of, from and to a date (unknown edges are empty)."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="parents")
    parent = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="children")
    valid_from = models.CharField(max_length=10, blank=True)
    valid_to = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return f"{self.body_id} < {self.parent_id}"


class BodyAlias(models.Model):
    """Another spelling under which acts name a body; an abbreviation counts only as a whole word in capitals."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=250)
    is_abbreviation = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.text
