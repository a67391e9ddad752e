"""Rules between figures, as data: parts and totals, growth, rates, dates, a part and its whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from qalxan.kernel.figures.dimensions import DIMENSIONS, read_key, split_of
from qalxan.kernel.figures.values import Slot


@dataclass(frozen=True, slots=True)
class Ref:
    """A figure as a rule names it; `back` counts years before the year that is checked."""

    indicator: str
    key: str = ""
    back: int = 0

    def slot(self, year: int) -> Slot:
        """The slot in a year."""
        return Slot(self.indicator, self.key, year - self.back)


@dataclass(frozen=True, slots=True)
class Rule:
    """What all rules have: a code, the years it is for (all where none is named)."""

    code: str
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SumRule(Rule):
    """Parts add to a total. `constant` is the total where no figure is one (100 for shares); `complete` is False where other parts may exist."""

    total: Ref | None = None
    constant: Decimal | None = None
    parts: tuple[Ref, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class GrowthRule(Rule):
    """Growth follows from two totals. The total is the sum of `total` as printed; `further` are parts printed elsewhere that may belong to it.

    `count` and `percent` are the growth as printed; `previous` is the earlier total where a source states it.
    """

    total: tuple[Ref, ...] = ()
    further: tuple[Ref, ...] = ()
    count: Ref | None = None
    percent: Ref | None = None
    previous: Ref | None = None


@dataclass(frozen=True, slots=True)
class RateRule(Rule):
    """A rate is its numerator over its denominator times `per`, at the printed precision."""

    numerator: Ref = Ref("")
    denominator: Ref = Ref("")
    printed: Ref = Ref("")
    per: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class DateRule(Rule):
    """A date named in a text is the date of the act; `act` is the code of its plan."""

    printed: Ref = Ref("")
    act: str = ""


@dataclass(frozen=True, slots=True)
class WithinRule(Rule):
    """A part is no greater than its whole."""

    part: Ref = Ref("")
    whole: Ref = Ref("")


def _ref(written: Any) -> Ref:
    """ "victims-identified[group=women]", "crimes-registered[]@-1" for the year before. Raises ValueError."""
    name, _, rest = str(written).partition("[")
    key, _, back = rest.partition("]")
    return Ref(name.strip(), read_key(key), int(back.removeprefix("@-") or 0))


def _refs(written: Iterable[Any]) -> tuple[Ref, ...]:
    return tuple(map(_ref, written))


def _maybe(row: Mapping[str, Any], name: str) -> Ref | None:
    return _ref(row[name]) if name in row else None


def rule_of(row: Mapping[str, Any]) -> Rule:
    """A rule from a row of the reviewed list. Raises KeyError or ValueError where the row is wrong."""
    code, years = str(row["code"]), tuple(map(int, row.get("years", ())))
    match row["kind"]:
        case "sum":
            constant = Decimal(str(row["constant"])) if "constant" in row else None
            return SumRule(code, years, _maybe(row, "total"), constant, _refs(row["parts"]), bool(row.get("complete", True)))
        case "growth":
            return GrowthRule(code, years, _refs(row["total"]), _refs(row.get("further", ())), _maybe(row, "count"), _maybe(row, "percent"),
                              _maybe(row, "previous"))  # fmt: skip
        case "rate":
            per = Decimal(str(row.get("per", 100)))
            return RateRule(code, years, _ref(row["numerator"]), _ref(row["denominator"]), _ref(row["printed"]), per)
        case "date":
            return DateRule(code, years, _ref(row["printed"]), str(row["act"]))
        case "within":
            return WithinRule(code, years, _ref(row["part"]), _ref(row["whole"]))
    raise ValueError(f"there is no rule of the kind {row['kind']}")


def refs_of(rule: Rule) -> tuple[Ref, ...]:
    """Every figure a rule speaks of, the claim first: the total, the printed growth, rate or date, the part."""
    match rule:
        case SumRule():
            return (*((rule.total,) if rule.total else ()), *rule.parts)
        case GrowthRule():
            return tuple(r for r in (rule.percent, rule.count, rule.previous, *rule.total, *rule.further) if r)
        case RateRule():
            return rule.printed, rule.numerator, rule.denominator
        case DateRule():
            return (rule.printed,)
        case WithinRule():
            return rule.part, rule.whole
    return ()


def generated(slots: Iterable[Slot], year: int, named: Iterable[Rule]) -> list[SumRule]:
    """Sums that follow from the stated splits of a year: a total with two or more parts in one dimension.

    The list of parts is complete where the dimension's codes are fixed and all of them are stated. A sum that a named rule
    already makes is left out.
    """
    here = {(slot.indicator, slot.key) for slot in slots if slot.year == year}
    done = {(r.total, r.parts[0].indicator if r.parts else "", _dimension(r)) for r in named if isinstance(r, SumRule)}
    parts: dict[tuple[str, str, str], list[str]] = {}
    for indicator, key in sorted(here):
        split = split_of(key)
        for name in split:
            rest = ";".join(f"{n}={c}" for n, c in split.items() if n != name)
            parts.setdefault((indicator, rest, name), []).append(key)
    found = []
    for (indicator, rest, name), keys in parts.items():
        total = Ref(indicator, rest)
        if len(keys) < 2 or (indicator, rest) not in here or (total, indicator, name) in done:
            continue
        fixed = DIMENSIONS.get(name, ())
        keys.sort(key=partial(_place, name))
        codes = {split_of(key)[name] for key in keys}
        complete = bool(fixed) and codes >= set(fixed) - {"unknown"}
        found.append(SumRule(f"sum:{indicator}:{rest}:{name}", (), total, None, tuple(Ref(indicator, key) for key in keys), complete))
    return found


def _place(name: str, key: str) -> tuple[int, str]:
    """Parts in the order of their dimension's codes, those of an outside list by the alphabet."""
    code, fixed = split_of(key)[name], DIMENSIONS.get(name, ())
    return (fixed.index(code) if code in fixed else len(fixed)), key


def _dimension(rule: SumRule) -> str:
    """The one dimension in which the parts of a sum differ from its total, "" where there is none."""
    names = {name for part in rule.parts for name in split_of(part.key)} - set(split_of(rule.total.key if rule.total else ""))
    return names.pop() if len(names) == 1 else ""
