"""Reading a filled-in workbook: every bad cell is named, nothing changes before all is right or a person takes the good rows."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.files.kinds import Unsafe
from qalxan.foundation.files.zips import read_zip
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.reporting.choices import Qualifier, RatingValue, Stance
from qalxan.modules.reporting.models import Answer, Return, Upload
from qalxan.modules.reporting.operations.answers import Words, save_answer
from qalxan.modules.reporting.operations.returns import held, must_be_open
from qalxan.modules.reporting.queries.returns import slots
from qalxan.modules.reporting.queries.rows import standing_answers
from qalxan.modules.reporting.queries.workbook import FIRST_ROW, answer_columns, figure_columns

MAX_BYTES = 25 * 1024 * 1024
MAX_WORDS = 20_000
MAX_ROWS = 2_000
_NOTHING_SAID = ("", "", "")


@dataclass(frozen=True, slots=True)
class Fault:
    """A bad cell: sheet, row and column as the spreadsheet names them, what is wrong and what to do."""

    sheet: str
    row: int
    column: str
    what: str


@dataclass(frozen=True)
class Reading:
    """What a workbook says: good rows ready to be taken, and every bad cell."""

    answers: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    faults: list[Fault]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    text = str(cell).replace("\r\n", "\n").replace("_x000D_", "").strip()
    return text[1:] if re.match(r"'[=+\-@\t|%]", text) else text


def _codes(labels: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Label in any of the three languages → code."""
    found: dict[str, str] = {}
    for language in ("az", "en", "ru"):
        with translation.override(language):
            found.update({str(label).casefold(): code for code, label in labels if code})
    return found


def read(data: bytes, found: Return) -> Reading:
    """Read a workbook against its return, without changing anything. Raises RuleBroken when the file is no workbook of ours."""
    if len(data) > MAX_BYTES:
        raise RuleBroken(_("The file is larger than 25 MB."))
    import openpyxl

    try:
        read_zip(data)
    except Unsafe as unsafe:
        raise RuleBroken(_("The file is not a workbook (.xlsx), or it is damaged. Download the workbook again and fill it in.")) from unsafe
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:
        raise RuleBroken(_("The file is not a workbook (.xlsx), or it is damaged. Download the workbook again and fill it in.")) from error
    try:
        sheets = {
            sheet.title: [row for row, _n in zip(sheet.iter_rows(values_only=True), range(MAX_ROWS + FIRST_ROW), strict=False)]
            for sheet in book.worksheets
        }
    except Exception as error:
        raise RuleBroken(_("The workbook is damaged. Download it again and fill it in.")) from error
    finally:
        book.close()
    reading = Reading([], [], [])
    _read_answers(_sheet_named(sheets, "Answers"), found, reading)
    if figures := _sheet_named(sheets, "Figures", needed=False):
        _read_figures(figures, found, reading)
    return reading


def _sheet_named(sheets: dict[str, Any], name: str, *, needed: bool = True) -> tuple[str, list[Any]] | None:
    for language in ("az", "en", "ru"):
        with translation.override(language):
            title = (_("Answers") if name == "Answers" else _("Figures"))[:31]
        if title in sheets:
            return title, sheets[title]
    if needed:
        raise RuleBroken(_("The workbook has no sheet of answers. Download the workbook again and fill that one in."))
    return None


def _rows(rows: list[Any], width: int) -> Iterable[tuple[int, list[str]]]:
    for number, row in enumerate(rows[FIRST_ROW - 1 :], FIRST_ROW):
        cells = [_text(cell) for cell in (*row, *(None,) * width)[:width]]
        if any(cells):
            yield number, cells


def _read_answers(named: tuple[str, list[Any]] | None, found: Return, reading: Reading) -> None:
    assert named is not None
    sheet, rows = named
    columns = [heading for heading, _width in answer_columns()]
    stances, ratings = _codes(Stance.choices), _codes(RatingValue.choices)
    own = {str(i): v for i, v in standing_answers(of=found).values_list("id", "version")}
    seen: set[str] = set()
    for number, (key, _label, _title, _period, stance, narrative, rating) in _rows(rows, 7):
        answer, _colon, version = key.partition(":")
        bad = _flagger(reading, sheet, number)
        if answer not in own or not version.isdecimal() or answer in seen:
            bad(columns[1], _("This row does not belong to this return, or stands here twice. Leave the grey cells as they are."))
            continue
        seen.add(answer)
        good = True
        if stance and stance.casefold() not in stances:
            good = bad(columns[4], _("“%(value)s” is not one of the answers of the list.") % {"value": stance[:40]})
        if rating and rating.casefold() not in ratings:
            good = bad(columns[6], _("“%(value)s” is not one of the ratings of the list.") % {"value": rating[:40]})
        if len(narrative) > MAX_WORDS:
            good = bad(columns[5], _("The text is longer than %(most)s characters.") % {"most": MAX_WORDS})
        if narrative and not stance:
            good = bad(columns[4], _("Say how the body answers: the row has words and no answer."))
        if good and (stance, narrative, rating) != _NOTHING_SAID:
            row = {"answer": int(answer), "version": int(version), "stance": stances.get(stance.casefold(), ""), "narrative": narrative}
            reading.answers.append({**row, "self_rating": ratings.get(rating.casefold(), "")})


def _read_figures(named: tuple[str, list[Any]], found: Return, reading: Reading) -> None:
    sheet, rows = named
    columns = [heading for heading, _width in figure_columns()]
    qualifiers = _codes(Qualifier.choices)
    own = {f"{s.indicator}|{s.key}": (answer, s) for answer, group in slots(found).items() for s in group}
    seen: set[str] = set()
    for number, (key, _label, _split, _unit, exact, number_text) in _rows(rows, 6):
        bad = _flagger(reading, sheet, number)
        if key not in own or key in seen:
            bad(columns[1], _("This figure is not one your body counts, or stands here twice. Leave the grey cells as they are."))
            continue
        seen.add(key)
        if not exact and not number_text:
            continue
        qualifier = qualifiers.get(exact.casefold(), "" if exact else "exact")
        good = bool(qualifier) or bad(columns[4], _("“%(value)s” is not one of the words of the list.") % {"value": exact[:40]})
        value = _number(number_text)
        if number_text and value is None:
            good = bad(columns[5], _("“%(value)s” is not a number from 0.") % {"value": number_text[:40]})
        elif qualifier == "unknown" and number_text:
            good = bad(columns[5], _("An unknown figure has no number. Empty the cell or choose how exact it is."))
        elif qualifier not in ("unknown", "") and not number_text:
            good = bad(columns[5], _("Give the number, or choose “unknown”."))
        if good:
            answer, slot = own[key]
            amount = None if value is None else str(value)
            reading.figures.append(
                {"answer": answer, "indicator": slot.indicator, "key": slot.key, "qualifier": qualifier, "value": amount}
            )


def _flagger(reading: Reading, sheet: str, row: int) -> Callable[[str, str], bool]:
    def bad(column: str, what: str) -> bool:
        reading.faults.append(Fault(sheet, row, column, what))
        return False

    return bad


def _number(text: str) -> Decimal | None:
    """A number as people type it: "5 705", "172,5", "6.377" is six point three seven seven; None when it is none or negative."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
    if not re.fullmatch(r"\d{1,13}(\.\d{1,9})?", plain, re.ASCII):
        return None
    try:
        return Decimal(plain).quantize(Decimal("0.001")).normalize() + 0
    except InvalidOperation:
        return None


@transaction.atomic
def upload(*, actor: Actor, now: dt.datetime, return_id: int, data: bytes) -> Upload:
    """Read a workbook and keep what it says until a person takes it. A workbook without a fault is taken at once.

    Raises Absent, Refused, or RuleBroken.
    """
    found = held(actor, Permission.RETURN_WRITE, return_id)
    assert actor.user_id is not None
    must_be_open(found)
    reading = read(data, found)
    if not reading.answers and not reading.figures and not reading.faults:
        raise RuleBroken(_("The workbook holds no answer yet."))
    faults = [[f.sheet, f.row, f.column, f.what] for f in reading.faults]
    Upload.objects.filter(of=found, by_id=actor.user_id, settled_at=None).update(settled_at=now)
    kept = Upload.objects.create(
        of=found, by_id=actor.user_id, at=now, rows={"answers": reading.answers, "figures": reading.figures}, faults=faults
    )
    if not faults:
        take(actor=actor, now=now, upload_id=kept.id)
        kept.refresh_from_db()
    return kept


@transaction.atomic
def take(*, actor: Actor, now: dt.datetime, upload_id: int) -> tuple[int, int]:
    """Write the good rows of an upload; gives (answers written, answers parked because somebody wrote meanwhile).

    Figures come with the answer they are asked for. Raises Absent, Refused, or RuleBroken.
    """
    kept = Upload.objects.select_for_update().filter(id=upload_id, by_id=actor.user_id, settled_at=None).first()
    if kept is None:
        raise Absent(f"upload:{upload_id}")
    found = held(actor, Permission.RETURN_WRITE, kept.of_id)
    figures: dict[int, dict[tuple[int, str], tuple[str, Decimal | None] | None]] = {}
    for f in kept.rows["figures"]:
        number = None if f["value"] is None else Decimal(f["value"])
        figures.setdefault(f["answer"], {})[f["indicator"], f["key"]] = (f["qualifier"], number)
    rows = {row["answer"]: row for row in kept.rows["answers"]}
    written = parked = 0
    for answer in Answer.objects.filter(of=found, id__in=set(rows) | set(figures)).order_by("id"):
        row = rows.get(answer.id)
        stance, narrative, rating = (row[f] if row else getattr(answer, f) for f in ("stance", "narrative", "self_rating"))
        words = Words(stance, narrative, rating, figures.get(answer.id, {}))
        saved = save_answer(actor=actor, now=now, answer_id=answer.id, version=row["version"] if row else answer.version, words=words)
        written, parked = written + (not saved.parked), parked + saved.parked
    kept.settled_at = now
    kept.save(update_fields=["settled_at"])
    record(actor.user_id, AuditEvent.WORKBOOK_IMPORTED, f"return:{found.id}", answers=written, parked=parked, bad=len(kept.faults))
    return written, parked
