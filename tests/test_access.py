"""Every URL × every persona: who gets in, who is told 403, who sees 404; nothing is left unvisited; canaries stay hidden."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from qalxan.foundation.access.actor import SYSTEM
from qalxan.foundation.access.checks import PUBLIC_URLS, SIGNED_IN_URLS, every_url_is_guarded, named_patterns
from qalxan.foundation.access.permissions import GRANTS, Permission, Role
from qalxan.foundation.accounts.models import User
from qalxan.modules.coordination.models import Recommendation
from qalxan.modules.plans.models import Act, Treaty
from qalxan.modules.plans.operations.acts import import_act
from qalxan.modules.reporting.models import Answer
from qalxan.reports.statistics.models import Fact
from qalxan.shell.demo.people import PEOPLE
from tests.acts.made import HEAD, table
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
M = {"code": "MFP-2020", "number": "4.2.2", "occurrence": 1}
R = {"return_id": 0}
A = {"return_id": 0, "answer_id": 0}
F = {"code": "isci-qrup"}
E = {"kind": "annual", "year": 2020, "number": 1}
P = {"person": "00000000-0000-4000-8000-000000000001"}
K = {"case": "00000000-0000-4000-8000-000000000001"}
# name → (arguments, query, right); a new URL without a line fails
PAGES = {
    "home": ({}, "", Permission.SELF),
    "bodies": ({}, "", Permission.BODY_VIEW),
    "body": ({"code": "RINN"}, "", Permission.BODY_VIEW),
    "hand_over": ({"code": "RINN"}, "", Permission.FOCAL_HAND_OVER),
    "log": ({}, "", Permission.AUDIT_VIEW),
    "limits": ({}, "", Permission.SELF),
    "rights": ({}, "", Permission.MATRIX_VIEW),
    "need_to_know": ({}, "", Permission.MATRIX_VIEW),
    "styleguide": ({}, "", Permission.STYLEGUIDE_VIEW),
    "need_passkey": ({}, "", Permission.SELF),
    "sessions": ({}, "", Permission.SELF),
    "my_recovery": ({}, "", Permission.SELF),
    "recoveries": ({}, "", Permission.RECOVERY_VIEW),
    "recovery_ask": ({}, "", Permission.RECOVERY_ASK),
    "recovery": ({"recovery_id": 0}, "", Permission.RECOVERY_VIEW),
    "recovery_approve": ({"recovery_id": 0}, "", Permission.RECOVERY_APPROVE),
    "recovery_close": ({"recovery_id": 0}, "", Permission.RECOVERY_VIEW),
    "persons:cases": ({}, "", Permission.PERSON_WORK),
    "persons:case": (K, "", Permission.PERSON_WORK),
    "persons:assign": (K, "", Permission.CASE_ASSIGN),
    "persons:seal": (K, "", Permission.CASE_ASSIGN),
    "persons:close": (K, "", Permission.CASE_ASSIGN),
    "persons:place": (K, "", Permission.PERSON_WORK),
    "persons:take_out": ({**K, **P}, "", Permission.PERSON_WORK),
    "persons:seals": ({}, "", Permission.CASE_ASSIGN),
    "persons:seal_numbered": ({}, "", Permission.CASE_ASSIGN),
    "persons:lift": ({"seal": 1}, "", Permission.CASE_ASSIGN),
    "persons:shifts": ({}, "", Permission.CASE_ASSIGN),
    "persons:withdraw": ({"grant": 1}, "", Permission.PERSON_WORK),
    "persons:leave": ({"ground": 1}, "", Permission.PERSON_WORK),
    "persons:compare": ({}, "", Permission.PERSON_WORK),
    "persons:register": ({}, "", Permission.PERSON_REGISTER),
    "persons:search": ({}, "", Permission.PERSON_WORK),
    "persons:met": ({}, "", Permission.PERSON_REGISTER),
    "persons:notices": ({}, "", Permission.PERSON_WORK),
    "persons:sheet_of": ({}, "", Permission.AUDIT_VIEW),
    "persons:sheet": (P, "", Permission.PERSON_SHEET),
    "persons:open_case": (P, "", Permission.PERSON_REGISTER),
    **{f"persons:{n}": (P, "", Permission.PERSON_WORK) for n in ("person", "findable", "give", "consent", "merge", "history")},
    "persons:room": ({**P, "room": "identity"}, "", Permission.PERSON_WORK),
    "persons:add": ({**P, "room": "identity", "kind": "name"}, "", Permission.PERSON_WORK),
    "persons:correct": ({"item": P["person"]}, "", Permission.PERSON_WORK),
    "persons:withdraw_consent": ({**P, "consent": 1}, "", Permission.PERSON_WORK),
    "persons:unmerge": ({**P, "merge": P["person"]}, "", Permission.PERSON_WORK),
    "plans:list": ({}, "", Permission.PLAN_VIEW),
    "plans:search": ({}, "?q=usaq", Permission.PLAN_VIEW),
    "plans:plan": ({"code": "MFP-2020"}, "?marks=1", Permission.PLAN_VIEW),
    "plans:compare": ({"code": "MFP-2020"}, "", Permission.PLAN_VIEW),
    "plans:export": ({"code": "MFP-2020", "form": "csv"}, "", Permission.PLAN_VIEW),
    "plans:measure": (M, "", Permission.PLAN_VIEW),
    "plans:duties": ({"code": "MFP-2020"}, "?year=2021", Permission.DUTY_VIEW),
    "plans:heat": ({"code": "MFP-2020"}, "", Permission.DUTY_VIEW),
    "plans:runs": ({"code": "MFP-2020"}, "", Permission.DUTY_VIEW),
    "plans:amend": ({"code": "MFP-2020"}, "", Permission.DRAFT_CORRECT),
    "plans:rosters": ({"code": "MFP-2020"}, "", Permission.ROSTER_EDIT),
    "plans:resolve": (M, "", Permission.OPEN_LIST_RESOLVE),
    "plans:record": (M, "?what=money", Permission.FINANCING_RECORD),
    "plans:body_duties": ({"body": "RINN"}, "", Permission.DUTY_VIEW),
    "plans:acts": ({}, "", Permission.DRAFT_VIEW),
    "plans:act": ({"act_id": 0}, "", Permission.DRAFT_VIEW),
    "plans:row": ({"act_id": 0, "place": 0}, "", Permission.DRAFT_CORRECT),
    "plans:adopt": ({"act_id": 0}, "", Permission.ACT_ADOPT),
    "plans:discard": ({"act_id": 0}, "", Permission.DRAFT_CORRECT),
    "plans:beside": ({"act_id": 0, "other_id": 0}, "", Permission.DRAFT_CORRECT),
    "plans:apply": ({"act_id": 0}, "", Permission.PLAN_AMEND),
    "plans:treaty": ({"treaty_id": 0}, "", Permission.TREATY_RECORD),
    "plans:treaties": ({}, "", Permission.PLAN_VIEW),
    "reporting:mine": ({}, "", Permission.RETURN_VIEW),
    "reporting:return": (R, "", Permission.RETURN_VIEW),
    "reporting:submit": (R, "", Permission.RETURN_WRITE),
    "reporting:refuse": (R, "", Permission.RETURN_WRITE),
    "reporting:decide": (R, "", Permission.RETURN_REVIEW),
    "reporting:workbook": (R, "", Permission.RETURN_WRITE),
    "reporting:answer": (A, "", Permission.RETURN_VIEW),
    "reporting:autosave": (A, "", Permission.RETURN_WRITE),
    "reporting:merge": (A, "", Permission.RETURN_WRITE),
    "reporting:add_evidence": (A, "", Permission.RETURN_WRITE),
    "reporting:rate": ({**A, "voice": "evaluator"}, "", Permission.RETURN_VIEW),
    "reporting:upload": ({"upload_id": 0}, "", Permission.RETURN_WRITE),
    "reporting:evidence": ({"evidence_id": 0}, "", Permission.RETURN_VIEW),
    "reporting:remove_evidence": ({"evidence_id": 0}, "", Permission.RETURN_WRITE),
    "reporting:windows": ({}, "", Permission.BOARD_VIEW),
    "reporting:board": ({"window_id": 0}, "", Permission.BOARD_VIEW),
    "reporting:map": ({"window_id": 0}, "", Permission.BOARD_VIEW),
    "reporting:compare": ({"window_id": 0}, "", Permission.BOARD_VIEW),
    "reporting:checkable": ({"code": "MFP-2020"}, "", Permission.VERIFIABILITY_SET),
    "reporting:years": (M, "", Permission.RETURN_VIEW),
    "reporting:indicators": ({}, "", Permission.BOARD_VIEW),
    "coordination:board": ({}, "?year=2026", Permission.COORDINATION_VIEW),
    "coordination:forum": (F, "", Permission.COORDINATION_VIEW),
    "coordination:seat": (F, "?body=DIN", Permission.COORDINATION_MANAGE),
    "coordination:end_seat": (F, "", Permission.COORDINATION_MANAGE),
    "coordination:plan_meeting": (F, "", Permission.COORDINATION_MANAGE),
    **{
        f"coordination:{n}": ({"meeting_id": 0}, "", Permission.COORDINATION_MANAGE)
        for n in ("move", "agenda", "attendance", "decide", "minutes", "cancel")
    },
    "coordination:meeting": ({"meeting_id": 0}, "", Permission.COORDINATION_VIEW),
    "coordination:agree": ({"meeting_id": 0}, "", Permission.AGENDA_AGREE),
    "coordination:approve": ({"meeting_id": 0}, "", Permission.AGENDA_AGREE),
    "coordination:tasks": ({}, "?body=RINN&state=overdue", Permission.COORDINATION_VIEW),
    "coordination:task": ({"task_id": 0}, "", Permission.COORDINATION_VIEW),
    "coordination:report": ({"task_id": 0}, "", Permission.TASK_REPORT),
    "coordination:close": ({"task_id": 0}, "", Permission.COORDINATION_MANAGE),
    "coordination:recommendations": ({}, "?source=greta&status=open", Permission.COORDINATION_VIEW),
    "coordination:new_recommendation": ({}, "", Permission.RECOMMENDATION_EDIT),
    "coordination:recommendation": ({"recommendation_id": 0}, "", Permission.COORDINATION_VIEW),
    "coordination:edit_recommendation": ({"recommendation_id": 0}, "", Permission.RECOMMENDATION_EDIT),
    "coordination:answer": ({"recommendation_id": 0}, "?year=2021", Permission.RECOMMENDATION_EDIT),
    "coordination:status": ({"recommendation_id": 0}, "", Permission.RECOMMENDATION_EDIT),
    "statistics:list": ({}, "?year=2020", Permission.FACT_VIEW),
    "statistics:export": ({"form": "csv"}, "?year=2020", Permission.FACT_VIEW),
    "statistics:checks": ({}, "?year=2020", Permission.FACT_VIEW),
    "statistics:indicator": ({"code": "victims-identified"}, "", Permission.FACT_VIEW),
    "statistics:fact": ({"fact_id": 0}, "", Permission.FACT_VIEW),
    "statistics:import": ({}, "", Permission.FACT_ENTER),
    "statistics:enter": ({}, "?indicator=victims-identified", Permission.FACT_ENTER),
    "statistics:approve": ({}, "", Permission.FACT_APPROVE),
    "statistics:choose": ({"fact_id": 0}, "", Permission.FACT_APPROVE),
    "statistics:withdraw": ({"fact_id": 0}, "", Permission.FACT_ENTER),
    "annual_report:list": ({}, "", Permission.EDITION_READ),
    "annual_report:edition": (E, "", Permission.EDITION_READ),
    "annual_report:figure": (E, "?of=victims-identified||2020", Permission.EDITION_READ),
    "annual_report:picture": ({**E, "code": "victims", "language": "az"}, "", Permission.EDITION_READ),
    "annual_report:file": ({**E, "language": "az", "form": "pdf"}, "", Permission.EDITION_READ),
    "annual_report:workspace": (E, "", Permission.EDITION_PREPARE),
    "annual_report:freeze": (E, "", Permission.EDITION_PREPARE),
    "annual_report:make": (E, "", Permission.EDITION_PREPARE),
    "annual_report:sections": (E, "", Permission.EDITION_PREPARE),
    "annual_report:section": ({**E, "code": "method", "language": "az"}, "", Permission.EDITION_PREPARE),
    "annual_report:word": ({**E, "language": "az"}, "", Permission.EDITION_PREPARE),
}
POST_ONLY = {
    "persons:withdraw", "persons:leave", "persons:take_out", "persons:open_case", "persons:findable", "persons:withdraw_consent", "persons:unmerge",
    "recovery_approve", "recovery_close", "plans:discard", "plans:apply", "reporting:submit", "reporting:refuse", "reporting:decide", "reporting:autosave", "reporting:add_evidence", "reporting:rate",
    "reporting:remove_evidence", "coordination:end_seat", "coordination:cancel", "coordination:agree", "coordination:approve", "coordination:report",
    "coordination:close", "coordination:status", "statistics:approve", "annual_report:freeze", "annual_report:make",
}  # fmt: skip
OWN_BODY_ONLY = {"plans:body_duties"}
MAY_BE_ABSENT = {
    *(f"persons:{n}" for n in ("case", "assign", "seal", "close", "place", "lift", "sheet", "person", "room", "add", "correct", "give", "consent", "merge", "history")),
    "need_passkey", "recovery",
    "reporting:return", "reporting:answer", "reporting:merge", "reporting:workbook", "reporting:upload", "reporting:evidence", "coordination:meeting",
    "coordination:task", "annual_report:workspace", "annual_report:sections", "annual_report:section", "annual_report:word", "annual_report:edition", "annual_report:figure", "annual_report:picture", "annual_report:file",
    "coordination:move", "coordination:agenda", "coordination:attendance", "coordination:decide", "coordination:minutes",
}  # fmt: skip
"""Pages of one record, which is absent for whom its own policy hides it (or does not exist here); their modules test who sees which."""
CANARY = "Kanareyka7714"


@pytest.fixture
def draft():
    return import_act(actor=SYSTEM, now=NOW, name="gizli.txt", data=(HEAD + table()).replace("Sınaq işinin", f"{CANARY} işinin").encode())


def _id(name, draft):
    """A record that stands in the demonstration, 1 where there is none."""
    if name in ("act_id", "other_id"):
        return draft.id
    answer = Answer.objects.filter(of__body="DIN").order_by("id").first()
    found = {"treaty_id": Treaty.objects.first(), "answer_id": answer, "return_id": answer.of, "window_id": answer.of.window,
             "recommendation_id": Recommendation.objects.first(), "fact_id": Fact.objects.filter(withdrawn_at=None).first()}  # fmt: skip
    return found[name].id if name in found else 1


def _address(name, draft):
    arguments, query, right = PAGES[name]
    return reverse(
        name,
        kwargs={k: _id(k, draft) if k.endswith("_id") else v for k, v in arguments.items()},
    ) + query, right


def test_every_url_has_a_line_here_or_is_reviewed_as_public():
    names = {name for name, _ in named_patterns()}
    assert names - PUBLIC_URLS - SIGNED_IN_URLS == set(PAGES)
    assert every_url_is_guarded() == []


def test_a_url_without_a_right_stops_the_start(monkeypatch):
    from django.urls import path

    from qalxan.foundation.access import checks

    monkeypatch.setattr(checks, "named_patterns", lambda: [("bare", path("x/", lambda request: None, name="bare"))])
    assert [fault.id for fault in every_url_is_guarded()] == ["access.E001"]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.email.split("@")[0])
def test_each_persona_opens_what_its_post_carries_and_nothing_else(person, draft, enter):
    client = enter(person.email.split("@")[0])
    for name in PAGES:
        address, right = _address(name, draft)
        answer = client.get(address)
        held = right in GRANTS[person.role]
        if name in POST_ONLY:
            expected = 405 if held else 403
        elif not held:
            expected = 403
        elif name in MAY_BE_ABSENT:
            assert answer.status_code in (200, 302, 403, 404), (person.email, name)
            continue
        elif (
            name in OWN_BODY_ONLY
            and person.role in (Role.FOCAL_POINT, Role.DEPUTY_FOCAL_POINT, Role.HEAD_OF_BODY)
            and person.body != "RINN"
        ):
            expected = 404
        else:
            expected = 200
        assert answer.status_code == expected, (person.email, name)
        if Permission.DRAFT_VIEW not in GRANTS[person.role]:
            assert CANARY not in answer.content.decode("utf-8", "replace"), (person.email, name)


def test_a_visitor_is_sent_to_sign_in_everywhere(draft):
    for name in PAGES:
        answer = Client().get(_address(name, draft)[0])
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "name",
    sorted(
        n
        for n in PAGES
        if PAGES[n][2]
        in (
            Permission.DRAFT_CORRECT,
            Permission.ACT_ADOPT,
            Permission.PLAN_AMEND,
            Permission.FOCAL_HAND_OVER,
            Permission.ROSTER_EDIT,
            Permission.OPEN_LIST_RESOLVE,
        )
    ),
)
def test_a_write_by_someone_without_the_right_is_refused_and_changes_nothing(name, draft, enter):
    before = (Act.objects.count(), Act.objects.get(id=draft.id).state)
    assert enter("kabinet").post(_address(name, draft)[0], {"version": 1, "text": "x", "executors": "Səhiyyə Nazirliyi"}).status_code == 403
    assert (Act.objects.count(), Act.objects.get(id=draft.id).state) == before


def test_absent_and_forbidden_look_the_same_to_a_stranger(enter):
    client = enter("rinn")
    other, none = client.get("/bodies/DIN/duties/"), client.get("/bodies/YOXDUR/duties/")
    clean = lambda a: re.sub(rb'value="/bodies/[^"]+"|csrfmiddlewaretoken" value="[^"]+"', b"", a.content)  # noqa: E731
    assert (other.status_code, clean(other)) == (none.status_code, clean(none)) == (404, clean(none))


def test_rights_end_in_the_same_second_as_the_post(enter):
    client = enter("rinn")
    assert client.get("/bodies/RINN/duties/").status_code == 200
    successor = User.objects.get(email="konsul@demo.example")
    answer = enter("ofis").post("/bodies/RINN/hand-over/", {"role": "focal_point", "successor": successor.id})
    assert answer.status_code == 302
    assert client.get("/bodies/RINN/duties/").status_code == 403
    assert enter("konsul").get("/bodies/RINN/duties/").status_code == 200


def test_the_demonstration_switcher_does_not_exist_outside_it(settings):
    settings.DEMO = False
    assert Client().post("/demo/switch/", {"email": "koordinator@demo.example"}).status_code == 404
    page = Client().get("/accounts/login/").content.decode()
    assert "demo.example" not in page


def test_wrong_passwords_lock_the_pair_of_name_and_address_only():
    for _ in range(5):
        Client().post("/accounts/login/", {"login": "auditor@demo.example", "password": "wrong-password-1"}, REMOTE_ADDR="10.9.9.9")
    locked = Client().post("/accounts/login/", {"login": "auditor@demo.example", "password": "wrong-password-1"}, REMOTE_ADDR="10.9.9.9")
    assert locked.status_code == 429
    other = Client().post("/accounts/login/", {"login": "auditor@demo.example", "password": "wrong-password-1"}, REMOTE_ADDR="10.9.9.8")
    assert other.status_code == 200


def test_nobody_can_sign_up_or_recover_by_mail():
    assert Client().get("/accounts/signup/").status_code == 404
    assert Client().get("/accounts/password/reset/").status_code == 404


def test_a_session_ends_after_a_quarter_of_an_hour_of_silence(enter):
    client = enter("konsul")
    assert client.get("/").status_code == 200
    session = client.session
    session["seen"] -= 16 * 60
    session.save()
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?ended=1")


def test_pages_carry_the_policy_and_are_not_stored(enter):
    answer = enter("konsul").get("/plans/")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 14),
        ("/plans/", 10),
        ("/plans/MFP-2020/", 12),
        ("/plans/MFP-2020/duties/?year=2023", 13),
        ("/plans/MFP-2020/heat/", 13),
        ("/bodies/", 9),
        ("/bodies/RINN/", 18),
    ],
)
def test_a_page_asks_the_database_no_more_than_its_reviewed_number(enter, address, most, django_assert_max_num_queries):
    client = enter("koordinator")
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("address", ["/", "/plans/MFP-2020/", "/nope/", "/rights/", "/acts/"])
def test_each_page_speaks_the_readers_language(enter, address, language):
    page = enter("koordinator", language).get(address).content.decode()
    assert f'<html lang="{language}">' in page
    word = {"az": "Ana səhifə", "en": "Home", "ru": "Главная"}[language]
    assert word in page


def test_the_upload_of_a_file_that_is_no_act_says_why(enter):
    from django.core.files.uploadedfile import SimpleUploadedFile

    before = Act.objects.count()
    answer = enter("ofis").post("/acts/", {"file": SimpleUploadedFile("məktub.txt", b"Salam.")})
    assert answer.status_code == 422
    assert "məktub.txt" in answer.content.decode()
    assert Act.objects.count() == before


def test_a_row_that_somebody_changed_meanwhile_keeps_the_words_typed(enter, draft):
    client = enter("ofis")
    words = {"version": 1, "text": "Birinci", "executors": "Səhiyyə Nazirliyi", "terms": "2031"}
    assert client.post(f"/acts/{draft.id}/rows/0/", words).status_code == 302
    late = client.post(f"/acts/{draft.id}/rows/0/", {**words, "text": "Gecikmiş sözlər"})
    assert late.status_code == 422
    assert "Gecikmiş sözlər" in late.content.decode()


def test_healthz_answers_without_signing_in():
    assert Client().get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "address",
    [
        "/plans/MFP-2020/duties/?year=²",
        "/plans/MFP-2020/duties/?year=99999999999999999999",
        "/plans/MFP-2020/?day=2023-99-99",
        "/plans/MFP-2020/measures/%27%3B--/1/",
        "/plans/MFP-2020/measures/4.1.1/999999999999/",
        "/plans/MFP-2020/export/exe/",
        "/plans/search/?q=%27%22%3A%2A%26%7C!()",
        "/log/?before=²&subject=%27",
        "/acts/999999999999999999999/",
        "/bodies/RINN/duties/?plan=%27",
        "/calendar/%00.ics",
        "/log/?subject=%00",
    ],
)
def test_a_bad_address_is_never_a_fault_of_ours(address, enter):
    for who in ("koordinator", "auditor"):
        client = enter(who)
        client.raise_request_exception = False
        assert client.get(address).status_code < 500, (who, address)


def test_a_bad_form_is_never_a_fault_of_ours(enter, draft):
    client = enter("koordinator")
    client.raise_request_exception = False
    posts = [
        (f"/acts/{draft.id}/beside/{draft.id}/", {"version": "abc", "take": ["²:text", "99:text"], "add": ["²", "99"]}),
        (f"/acts/{draft.id}/apply/", {}),
        (f"/acts/{draft.id}/adopt/", {"version": "x"}),
        (f"/acts/{draft.id}/rows/99/", {"version": "1", "text": "x"}),
        ("/bodies/NOPE/hand-over/", {"role": "focal_point", "successor": "1"}),
        ("/bodies/YIHO/hand-over/", {"role": "focal_point", "successor": "1"}),
        (
            "/plans/MFP-2020/amend/",
            {"measures": "9.9.9", "old": "a", "number": "1", "date": "2022-01-01", "in_force_from": "2022-01-01", "column": "executors"},
        ),
        ("/plans/MFP-2020/rosters/", {"group": "x", "year": "y", "members": ["z"]}),
        ("/plans/MFP-2020/measures/4.2.2/1/resolve/", {"as_written": "x", "bodies": ["DIN"]}),
        ("/plans/MFP-2020/measures/4.2.2/1/record/", {"what": "principle", "principle": "99", "answer": "yes"}),
        ("/demo/switch/", {"email": "x"}),
    ]
    for address, data in posts:
        assert client.post(address, data).status_code < 500, address


def test_an_invented_account_means_nothing_outside_the_demonstration(enter, settings):
    client = enter("koordinator")
    settings.DEMO = False
    assert client.get("/plans/").status_code == 403


def test_signing_in_and_out_is_written_to_the_log():
    from qalxan.foundation.audit.models import Entry

    client = Client()
    client.post("/accounts/login/", {"login": "auditor@demo.example", "password": "nümunə-parol-2026"}, REMOTE_ADDR="10.8.8.8")
    client.post("/accounts/logout/")
    assert [e.event for e in Entry.objects.order_by("-id")[:2]] == ["accounts.signed_out", "accounts.signed_in"]


def test_the_draft_of_an_amending_act_asks_which_plan_it_changes(enter):
    text = (
        "AZƏRBAYCAN RESPUBLİKASI PREZİDENTİNİN SƏRƏNCAMI\n\n3 mart 2031-ci il tarixli 77 nömrəli Sərəncamla təsdiq edilmiş Planın 4.2.8-ci yarımbəndinin "
        "“İcraçı orqanlar” sütununda “Xarici İşlər” sözləri “Ədliyyə” sözü ilə əvəz edilsin.\n\nBakı şəhəri, 5 may 2032-ci il\n№ 91\n"
    )
    act = import_act(actor=SYSTEM, now=NOW, name="a.txt", data=text.encode())
    client = enter("koordinator")
    page = client.get(f"/acts/{act.id}/").content.decode()
    assert "Which plan does this act change?" in page
    assert "names the amending act" not in page
    assert client.post(f"/acts/{act.id}/", {"plan": "MFP-2020", "in_force_from": "2032-05-09"}).status_code == 302
    assert "Xarici İşlər" in client.get(f"/acts/{act.id}/").content.decode()
    assert client.post(f"/acts/{act.id}/apply/").status_code == 302
    act.refresh_from_db()
    assert act.state == "adopted"
