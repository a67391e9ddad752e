"""Form fields of our own."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A date field with the browser's own picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)
