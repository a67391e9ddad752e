"""Invented people of the demonstration country: one account for each kind of user."""

from dataclasses import dataclass

from qalxan.foundation.access.permissions import Role


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented person; addresses under .example reach nobody."""

    email: str
    name: str
    role: Role
    body: str | None = None


PEOPLE = (
    Invented("koordinator@demo.example", "Rəşad Nümunəvi", Role.COORDINATOR, "MK"),
    Invented("ofis@demo.example", "Günel Nümunəli", Role.COORDINATOR_OFFICE, "MK"),
    Invented("din@demo.example", "Elçin Uydurmalı", Role.FOCAL_POINT, "DIN"),
    Invented("din.muavin@demo.example", "Sevda Uydurmalı", Role.DEPUTY_FOCAL_POINT, "DIN"),
    Invented("rinn@demo.example", "Orxan Misallı", Role.FOCAL_POINT, "RINN"),
    Invented("eesmn@demo.example", "Aygün Misallı", Role.FOCAL_POINT, "EESMN"),
    Invented("rehber@demo.example", "Samir Misallı", Role.HEAD_OF_BODY, "RINN"),
    Invented("kabinet@demo.example", "İlahə Örnəkova", Role.READER, "NK"),
    Invented("qiymet@demo.example", "Tural Örnəkov", Role.EVALUATOR),
    Invented("qaynarxett@demo.example", "Nərgiz Sınaqlı", Role.HOTLINE_OPERATOR),
    Invented("mufettis@demo.example", "Kamran Sınaqlı", Role.FIRST_RESPONDER, "DEMX"),
    Invented("idare@demo.example", "Fərid Təxminli", Role.POLICE_OFFICER, "BAS"),
    Invented("siginacaq@demo.example", "Ləman Təxminli", Role.SHELTER_STAFF),
    Invented("sosial@demo.example", "Zəhra Fərzi", Role.SOCIAL_WORKER, "YM"),
    Invented("konsul@demo.example", "Anar Fərzi", Role.CONSUL, "XIN"),
    Invented("telimci@demo.example", "Vüsalə Guya", Role.TRAINER),
    Invented("statistika@demo.example", "Ceyhun Guya", Role.STATISTICIAN),
    Invented("ombudsman@demo.example", "Xədicə Misalzadə", Role.OMBUDSPERSON, "OMB"),
    Invented("basidare@demo.example", "Rauf Təxminli", Role.HEAD_OF_BODY, "BAS"),
    Invented("auditor@demo.example", "İsmayıl Misalzadə", Role.AUDITOR),
)
