"""A rule written once, read twice: compiled to SQL and evaluated in Python, with the three truth values of SQL in both."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Row = Mapping[str, Any]
World = Mapping[str, Sequence[Row]]
"""Table name → its rows, each column name → value."""
Env = Mapping[str, Row]
"""Alias → the row it stands for."""


class Term(Protocol):
    """Something with a value."""

    def sql(self) -> str:
        """The SQL expression."""

    def value(self, env: Env, now: dt.datetime) -> Any:
        """The value in Python; None is SQL's NULL."""


class Formula(Protocol):
    """Something true, false, or unknown."""

    def sql(self) -> str:
        """The SQL condition."""

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """The truth in Python; None is unknown."""


@dataclass(frozen=True)
class Col:
    """A column of an alias: `Col("g.post")`."""

    name: str

    def sql(self) -> str:
        """Alias and column."""
        return self.name

    def value(self, env: Env, now: dt.datetime) -> Any:
        """The column of the alias's row."""
        alias, column = self.name.split(".")
        return env[alias][column]


@dataclass(frozen=True)
class Text:
    """A word of an enumeration. Quotes are refused: these words come from code alone."""

    text: str

    def sql(self) -> str:
        """A quoted literal."""
        if not self.text.replace("_", "").isalnum():
            raise ValueError(self.text)
        return f"'{self.text}'"

    def value(self, env: Env, now: dt.datetime) -> Any:
        """The word."""
        return self.text


@dataclass(frozen=True)
class Nothing:
    """The empty text, which stands for "any" where a list names nobody."""

    def sql(self) -> str:
        """An empty literal."""
        return "''"

    def value(self, env: Env, now: dt.datetime) -> Any:
        """An empty text."""
        return ""


@dataclass(frozen=True)
class Now:
    """The moment of the statement, not of the transaction: a withdrawal bites in a transaction that began before it."""

    def sql(self) -> str:
        """The statement's clock."""
        return "statement_timestamp()"

    def value(self, env: Env, now: dt.datetime) -> Any:
        """The moment given."""
        return now


@dataclass(frozen=True)
class Eq:
    """Both equal; unknown when one is empty."""

    left: Term
    right: Term

    def sql(self) -> str:
        """left = right."""
        return f"{self.left.sql()} = {self.right.sql()}"

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """Compare; unknown with an empty side."""
        left, right = self.left.value(env, now), self.right.value(env, now)
        return None if left is None or right is None else bool(left == right)


@dataclass(frozen=True)
class Before:
    """The left moment is earlier than the right one, or the same where `same` allows."""

    left: Term
    right: Term
    same: bool = False

    def sql(self) -> str:
        """left < right, or left <= right."""
        return f"{self.left.sql()} {'<=' if self.same else '<'} {self.right.sql()}"

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """Compare; unknown with an empty side."""
        left, right = self.left.value(env, now), self.right.value(env, now)
        if left is None or right is None:
            return None
        return bool(left <= right if self.same else left < right)


@dataclass(frozen=True)
class Empty:
    """The term has no value."""

    term: Term

    def sql(self) -> str:
        """IS NULL."""
        return f"{self.term.sql()} IS NULL"

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """Whether it is None."""
        return self.term.value(env, now) is None


@dataclass(frozen=True)
class Yes:
    """A column that is itself true or false."""

    term: Term

    def sql(self) -> str:
        """The column."""
        return self.term.sql()

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """The column's truth."""
        value = self.term.value(env, now)
        return None if value is None else bool(value)


@dataclass(frozen=True)
class OneOf:
    """The term is one of a list of words."""

    term: Term
    words: tuple[str, ...]

    def sql(self) -> str:
        """IN (...); an empty list is never."""
        return f"{self.term.sql()} IN ({', '.join(Text(w).sql() for w in self.words)})" if self.words else "false"

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """Whether it is in the list."""
        if not self.words:
            return False
        value = self.term.value(env, now)
        return None if value is None else value in self.words


@dataclass(frozen=True)
class In:
    """The term is in a column that holds a list."""

    term: Term
    many: Term

    def sql(self) -> str:
        """= ANY(array)."""
        return f"{self.term.sql()} = ANY({self.many.sql()})"

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """Whether the list has it; the lists here hold no empty element."""
        value, many = self.term.value(env, now), self.many.value(env, now)
        if many is None or (value is None and many):
            return None
        return value in many


class All:
    """Every part holds."""

    def __init__(self, *parts: Formula) -> None:
        self.parts = parts

    def sql(self) -> str:
        """AND."""
        return "(" + " AND ".join(p.sql() for p in self.parts) + ")"

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """False beats unknown beats true."""
        told = [p.holds(env, world, now) for p in self.parts]
        return False if False in told else None if None in told else True


class Any_:  # noqa: N801 - `Any` is taken by typing
    """One part holds."""

    def __init__(self, *parts: Formula) -> None:
        self.parts = parts

    def sql(self) -> str:
        """OR."""
        return "(" + " OR ".join(p.sql() for p in self.parts) + ")"

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """True beats unknown beats false."""
        told = [p.holds(env, world, now) for p in self.parts]
        return True if True in told else None if None in told else False


@dataclass(frozen=True)
class Not:
    """The part does not hold; unknown stays unknown."""

    part: Formula

    def sql(self) -> str:
        """NOT."""
        return f"NOT {self.part.sql()}"

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """The opposite."""
        told = self.part.holds(env, world, now)
        return None if told is None else not told


@dataclass(frozen=True)
class Exists:
    """A row of a table, under an alias, for which the condition holds."""

    table: str
    alias: str
    where: Formula

    def sql(self) -> str:
        """EXISTS (...)."""
        return f"EXISTS (SELECT 1 FROM {self.table} {self.alias} WHERE {self.where.sql()})"  # noqa: S608 - names from code alone

    def holds(self, env: Env, world: World, now: dt.datetime) -> bool | None:
        """Whether one row fits."""
        return any(self.where.holds({**env, self.alias: row}, world, now) is True for row in world.get(self.table, ()))
