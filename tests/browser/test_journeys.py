"""Journeys in a real browser: the plan from a file to duties; every screen in three languages and two widths; the keyboard alone."""

import datetime as dt
import re

import pytest

from tests.acts.made import HEAD, table
from tests.conftest import SEEDS

pytestmark = pytest.mark.browser

SCREENS = [
    "/", "/plans/", "/plans/MFP-2020/?day=2023-06-01&marks=1", "/plans/MFP-2004/", "/plans/MDB-2007/", "/plans/MFP-2020/compare/?earlier=2021-01-01&later=2023-01-01",
    "/plans/MFP-2020/measures/4.2.2/1/", "/plans/MFP-2020/duties/?year=2023", "/plans/MFP-2020/heat/", "/plans/MFP-2020/runs/", "/plans/MFP-2020/rosters/",
    "/plans/MFP-2020/amend/", "/plans/MFP-2020/measures/4.2.2/1/resolve/", "/plans/MFP-2020/measures/4.2.2/1/record/?what=money", "/plans/search/?q=usaq", "/acts/", "/bodies/",
    "/bodies/RINN/", "/bodies/RINN/hand-over/", "/bodies/RINN/duties/", "/treaties/", "/treaties/1/", "/rights/", "/rights/rooms/", "/limits/", "/styleguide/", "/nope/", "/log/", "/accounts/2fa/", "/accounts/sessions/",
    "/accounts/password/", "/accounts/recovery/", "/recoveries/", "/windows/", "/windows/1/", "/windows/1/map/", "/windows/1/compare/", "/returns/1/", "/plans/MFP-2020/measures/4.2.3/1/years/", "/indicators/",
    "/coordination/", "/coordination/forums/isci-qrup/", "/coordination/tasks/", "/coordination/recommendations/", "/coordination/recommendations/1/",
    "/figures/?year=2020", "/figures/checks/?year=2020", "/figures/indicators/victims-identified/", "/figures/import/", "/reports/", "/reports/annual/2020/1/",
    "/reports/annual/2020/1/figure/?of=victims-identified||2020", "/reports/annual/2020/1/work/", "/reports/annual/2020/1/sections/conclusion/az/", "/reports/annual/2020/1/sections/",
    "/plans/MFP-2020/checkable/",
]  # fmt: skip


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_screen_fits_and_axe_finds_nothing(visit, language, width):
    visitor = visit(language, width)
    visitor.open("/accounts/login/")
    visitor.photograph("login")
    assert visitor.axe() == []
    visitor.enter("koordinator")
    faults = []
    for path in SCREENS:
        visitor.open(path)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{path} is {wide} px wide")
        faults += [f"{path} {finding}" for finding in visitor.axe()]
        if language == "az" or path in ("/", "/plans/MFP-2020/heat/"):
            visitor.photograph(re.sub(r"\W+", "-", path.split("?")[0]).strip("-") or "home")
    assert faults == []
    assert [e for e in visitor.errors if "404" not in e and "403" not in e] == []


RECORD_SCREENS = ["/cases/", "/persons/new/", "/persons/search/", "/persons/met/", "/persons/notices/", "/names/compare/"]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_screen_of_records_fits_and_axe_finds_nothing(visit, language, width):
    visitor = visit(language, width)
    visitor.enter("mufettis")
    faults = []

    def look(name):
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        faults.extend([f"{name} is {wide} px wide"] if wide > width else [])
        faults.extend(f"{name} {finding}" for finding in visitor.axe())
        if language == "az":
            visitor.photograph(f"records-{name}")

    for path in RECORD_SCREENS:
        visitor.open(path)
        look(path.strip("/").replace("/", "-"))
    page = visitor.open("/cases/")
    page.locator("main table tbody tr").last.locator("a").first.click()
    look("case")
    page.locator("main table a[href^='/persons/']").first.click()
    look("record")
    person = page.url
    for part in ("give/", "consent/", "merge/", "history/", "rooms/identity/name/new/"):
        page.goto(person + part)
        look(part.split("/")[0])
    page.goto(person + "rooms/identity/")
    look("room-sealed")
    page.locator("#id_purpose").select_option("protection")
    page.locator("#id_reason").select_option("case_work")
    page.locator("main .review button[form=open]").first.click()
    assert "Aytac" in page.locator("main").inner_text()
    look("room-open")
    page.goto(person + "rooms/identity/relation/new/")
    look("relation-new")
    for path, name in (("/accounts/sessions/", "sessions"), ("/cases/?number=9", "cases-none")):
        visitor.open(path)
        look(name)
    visitor.open("/persons/new/")
    page.evaluate("document.querySelector('main form.stack').noValidate = true")
    page.locator("main form.stack button").last.click()
    look("register-wrong")
    assert faults == []
    assert [e for e in visitor.errors if "404" not in e and "403" not in e] == []


def test_what_is_open_on_a_screen_closes_when_the_right_is_taken_back_and_when_the_session_is_ended(visit):
    holder, reader, elsewhere = visit("en"), visit("en"), visit("en", 360)
    holder.enter("mufettis")
    holder.open("/cases/")
    holder.page.locator("main table tbody tr").last.locator("a").first.click()
    holder.page.locator("main table a[href^='/persons/']").first.click()
    record = holder.page.url
    holder.page.goto(record + "give/")
    consul = holder.page.locator("select[name=post] option", has_text="(Consul").first.get_attribute("value")
    holder.page.locator("select[name=post]").select_option(consul)
    holder.page.locator("[name=ground]").select_option("referral")
    holder.page.locator("[name=reference]").fill("H-77")
    holder.page.locator("[name=until]").fill((dt.datetime.now(dt.UTC).date() + dt.timedelta(days=10)).isoformat())
    holder.page.locator("[name=rooms][value='identity:protection']").check()
    holder.page.locator("main form.stack .actions button").click()
    holder.page.wait_for_load_state()
    assert holder.page.url == record, holder.page.locator("main").inner_text()
    for visitor in (reader, elsewhere):
        visitor.enter("konsul")
        open_room(visitor, record)
        assert "Aytac" in visitor.page.locator("main").inner_text()
    reader.open("/accounts/sessions/")
    reader.page.locator("main form.actions button.danger").click()
    elsewhere.page.wait_for_url(re.compile("/accounts/login/"), timeout=8000)
    assert "Aytac" not in elsewhere.page.content()
    open_room(reader, record)
    holder.page.locator("tr", has_text="H-77").locator("form[action^='/grants/'] button").click()
    reader.page.get_by_text("Aytac").first.wait_for(state="detached", timeout=8000)
    reader.page.wait_for_load_state()
    assert "Aytac" not in reader.page.content()


def open_room(visitor, record):
    visitor.page.goto(record + "rooms/identity/")
    visitor.page.locator("#id_purpose").select_option("protection")
    visitor.page.locator("#id_reason").select_option("case_work")
    visitor.page.locator("main .review button[form=open]").first.click()


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("width", [360, 1440])
def test_what_a_head_and_an_auditor_see_of_records_fits_and_axe_finds_nothing(visit, language, width):
    """A head assigns, closes, seals and gives shifts without a name; an auditor reads the log and hands out the sheet."""
    faults = []

    def look(visitor, name):
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        faults.extend([f"{name} is {wide} px wide"] if wide > width else [])
        faults.extend(f"{name} {finding}" for finding in visitor.axe())
        if language == "az":
            visitor.photograph(f"records-{name}")

    head = visit(language, width)
    head.enter("basidare")
    page = head.open("/cases/")
    look(head, "head-cases")
    page.locator("main table tbody tr").last.locator("a").first.click()
    case = page.url
    look(head, "head-case")
    for part in ("assign/", "seal/", "close/"):
        page.goto(case + part)
        look(head, f"head-{part.strip('/')}")
    for path in ("/seals/", "/seals/new/", "/shifts/"):
        head.open(path)
        look(head, "head" + path.replace("/", "-").rstrip("-"))
    officer = visit(language, width)
    officer.enter("idare")
    officer.open("/cases/").locator("main table a").first.click()
    look(officer, "officer-case")
    officer.page.goto(officer.page.url + "people/new/")
    look(officer, "officer-place")
    auditor = visit(language, width)
    auditor.enter("auditor")
    person = _person_of(visit)
    for path, name in (
        ("/log/", "log"),
        ("/persons/seen/", "sheet-of"),
        ("/persons/seen/?person=x", "sheet-of-wrong"),
        (f"/persons/{person}/seen/", "sheet"),
    ):
        auditor.open(path)
        look(auditor, name)
    assert faults == []
    assert [e for v in (head, officer, auditor) for e in v.errors] == []


def test_a_person_is_registered_sealed_and_the_case_closed_in_a_browser(visit):
    """What stands only after acts: a shift, a standing seal, a closed case, rows of what is withheld that were wrong."""
    responder, head = visit("az", 360), visit("az", 1440)
    responder.enter("mufettis")
    page = responder.open("/persons/new/")
    page.locator("#id_name").fill("Nümunəvi Çoxuzunadlı Uydurmasoyadlızadə-Misallıbəyli Sınaq qızı")
    page.locator("#id_lead").select_option("BAS")
    page.locator("#id_reference").fill("NUMUNE-9")
    page.locator("main form.stack button").last.click()
    page.wait_for_url(re.compile(r"/persons/[0-9a-f-]{36}/$"))
    record = page.url
    page.goto(record + "consent/")
    page.locator("#id_withheld_because_2").select_option("fear")
    page.evaluate("document.querySelector('main form.stack').noValidate = true")
    page.locator("main form.stack button").last.click()
    page.wait_for_load_state()
    responder.photograph("records-consent-wrong")
    assert responder.axe() == []
    page.goto(record)
    case = page.locator("main ul.bodies a").first.get_attribute("href")
    number = re.search(r"\d{4}-\d{6}", page.locator("main ul.bodies a").first.inner_text()).group()
    head.enter("basidare")
    page = head.open("/shifts/")
    page.locator("#id_post").select_option(index=1)
    page.locator("#id_reference").fill("NOVBE-1")
    page.locator("main form.stack button").click()
    page.wait_for_load_state()
    head.photograph("records-shift-given")
    page = head.open("/seals/new/")
    page.locator("#id_number").fill(number)
    page.locator("#id_authority").select_option("BP")
    page.locator("#id_decision").fill("Q-1")
    page.locator("#id_named input").nth(1).check()
    page.locator("main form.stack button").click()
    page.wait_for_url(re.compile(r"/seals/$"))
    head.photograph("records-seal-stands")
    assert head.axe() == []
    responder.open(record.removeprefix(responder.address))
    responder.photograph("records-sealed-person")
    page = head.open(case + "close/")
    page.locator("#id_reference").fill("BAG-1")
    page.locator("main form.stack button").click()
    page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    head.photograph("records-case-closed")
    assert head.axe() == []
    responder.open(case)
    responder.photograph("records-case-closed")
    assert responder.axe() == []
    page = responder.open(record.removeprefix(responder.address) + "history/")
    responder.photograph("records-history-after")
    assert [e for v in (head, responder) for e in v.errors if "404" not in e] == []


def _person_of(visit):
    """The record number of an invented person, as the one who registered them sees it."""
    visitor = visit("az")
    visitor.enter("mufettis")
    page = visitor.open("/cases/")
    page.locator("main table tbody tr").last.locator("a").first.click()
    page.locator("main table a[href^='/persons/']").first.click()
    return page.url.rstrip("/").split("/")[-1]


def _import(visitor, text, tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text(text, encoding="utf-8")
    visitor.open("/acts/")
    visitor.page.set_input_files("input[type=file]", path)
    visitor.page.locator("main form.card button").click()
    visitor.page.wait_for_url(re.compile(r"/acts/\d+/$"))


def test_an_act_is_read_corrected_adopted_and_becomes_duties(visit, tmp_path):
    """With the real plan where it is at hand, else with one made for the test."""
    real = next(iter(SEEDS.glob("000*")), None)
    text = real.read_text(encoding="utf-8") if real else HEAD + table()
    visitor = visit("az")
    visitor.enter("koordinator")
    _import(visitor, text, tmp_path)
    page = visitor.page
    visitor.photograph("journey-review")
    assert visitor.axe() == []
    page.locator(".review a[href*='/rows/']").first.click()
    page.locator("#id_text").fill(page.locator("#id_text").input_value() + " (yoxlanılıb)")
    page.locator("main form.stack button").click()
    page.wait_for_url(re.compile(r"/acts/\d+/$"))
    assert page.locator(".review li.done").count() == 1
    page.locator("a[href$='/adopt/']").click()
    page.locator("#id_code").fill("SINAQ-1")
    for field in ("title_az", "title_en", "title_ru"):
        page.locator(f"#id_{field}").fill("Sınaq planı")
    page.locator("#id_sure").check()
    visitor.photograph("journey-adopt")
    page.locator("main form.stack button").click()
    page.wait_for_url(re.compile(r"/plans/SINAQ-1/"))
    if real:
        _apply_and_look(visitor)
    visitor.open("/plans/SINAQ-1/heat/")
    visitor.photograph("journey-heat")
    assert visitor.page.locator("table.heat tbody tr").count() > 1
    assert visitor.errors == []


def _apply_and_look(visitor):
    """The amendment of 2022: 2021 keeps the old ministry, 2023 shows the new one, whose duties of 2023 are six."""
    page = visitor.page
    old, new = "Nəqliyyat, Rabitə və Yüksək Texnologiyalar Nazirliyi", "Rəqəmsal İnkişaf və Nəqliyyat Nazirliyi"
    page.locator("main .note a").click()
    page.locator("form.actions button").click()
    page.wait_for_url(re.compile(r"/runs/"))
    visitor.open("/plans/SINAQ-1/?day=2021-06-01")
    visitor.photograph("journey-2021")
    assert old in page.content()
    assert new not in page.content()
    visitor.open("/plans/SINAQ-1/?day=2023-06-01")
    visitor.photograph("journey-2023")
    assert new in page.content()
    assert old not in page.content()
    visitor.open("/bodies/RINN/duties/?year=2023&plan=SINAQ-1")
    visitor.photograph("journey-duties-2023")
    assert page.locator("tbody tr").count() == 6
    assert "№ 3289" in page.content()


def test_a_focal_point_finds_the_duties_by_keyboard_alone(visit):
    visitor = visit("az", 360)
    visitor.open("/accounts/login/")
    page = visitor.page
    keys = page.keyboard

    def tab_to(selector, most=120):
        for _ in range(most):
            keys.press("Tab")
            if page.evaluate("s => document.activeElement && document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to('form:has(input[value="rinn@demo.example"]) button')
    keys.press("Enter")
    page.wait_for_url(f"{visitor.address}/")
    tab_to("a.button[href='/bodies/RINN/duties/']")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/bodies/RINN/duties/"))
    tab_to("a[href*='year=2023']")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"year=2023"))
    assert page.locator("tbody th a[href^='/plans/MFP-2020/']").count() == 6


def test_everything_works_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/accounts/login/")
    page.locator('form:has(input[value="rinn@demo.example"]) button').click()
    page.goto(f"{site}/plans/MFP-2020/?day=2021-06-01")
    page.locator("#id_day").fill("2023-06-01")
    page.locator("form.filters button").click()
    assert "Ministry of Digital Development" in page.content()
    context.close()


def test_a_passkey_is_added_and_signs_in(visit):
    visitor = visit("en")
    page = visitor.page
    tool = visitor.context.new_cdp_session(page)
    tool.send("WebAuthn.enable")
    tool.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    visitor.address = visitor.address.replace("127.0.0.1", "localhost")
    page.goto(f"{visitor.address}/accounts/login/")
    page.fill("#id_login", "konsul@demo.example")
    page.fill("#id_password", "nümunə-parol-2026")
    page.locator("main form.stack button").click()
    page.wait_for_url(re.compile(r"/accounts/passkey/$"))  # a consul opens sealed things: nothing else is reached
    visitor.photograph("need-passkey")
    assert visitor.axe() == []
    visitor.open("/plans/")
    assert page.url.endswith("/accounts/passkey/")
    page.locator("main a.button").click()
    page.fill("input[type=password]", "nümunə-parol-2026")
    page.locator("main form.stack button").first.click()
    page.wait_for_url(re.compile(r"passkeys/add"))
    page.locator("input[name=name]").fill("Açar")
    if page.locator("input[name=passwordless]").count():
        page.locator("input[name=passwordless]").check()
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile(r"/accounts/passkey/$"), timeout=15000)
    page.locator("main a.button").click()
    page.wait_for_url(re.compile(r"passkeys/reauthenticate"))
    page.locator("#mfa_webauthn_reauthenticate").click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"), timeout=15000)
    visitor.open("/plans/")
    assert page.url.endswith("/plans/")
    visitor.context.clear_cookies()
    page.goto(f"{visitor.address}/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"), timeout=15000)
    assert "Anar" in page.content()
    visitor.open("/accounts/sessions/")
    assert page.locator("tbody tr").count() >= 2, "the session left behind is still listed"
    page.locator("main form.actions button.danger").click()
    page.wait_for_load_state()
    assert page.locator("tbody tr").count() == 1
    assert visitor.axe() == []


def test_a_reader_clicks_94_and_reaches_its_contributors(visit):
    visitor = visit("az")
    visitor.enter("kabinet")
    page = visitor.open("/reports/annual/2020/1/")
    page.locator("a.fact", has_text=re.compile(r"^94$")).first.click()
    page.wait_for_url(re.compile(r"/figure/"))
    visitor.photograph("journey-94")
    assert "Daxili İşlər Nazirliyi" in page.content()
    assert visitor.errors == []


def test_a_body_answers_online_and_its_words_are_saved_while_it_types(visit):
    office = visit("en")
    office.enter("koordinator")
    page = office.open("/windows/")
    page.locator("#id_year").fill("2023")
    page.locator("#id_opens_on").fill("2024-01-02")
    page.locator("#id_due_on").fill("2024-01-20")
    page.locator("#id_plan").select_option("MFP-2020")
    page.locator("main form.stack button").click()
    page.wait_for_url(re.compile(r"/windows/\d+/$"))
    body = visit("en")
    body.enter("rinn")
    page = body.open("/returns/")
    page.locator("tbody th a", has_text="2023").first.click()
    page.locator("tbody th a").first.click()
    page.locator("#id_stance").select_option("answered")
    page.locator("#id_narrative").press_sequentially("Seminar was held.")
    page.locator("[data-state]", has_text="Saved at").wait_for(timeout=8000)
    body.photograph("journey-answer")
    page.reload()
    assert page.locator("#id_narrative").input_value() == "Seminar was held."
    assert body.axe() == []
