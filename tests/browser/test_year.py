"""The whole year in a browser: a window, a return online and by workbook, sent back, approved, a report frozen, edited in Word and sealed; and its worst moments."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.browser.conftest import ROOT, SHOTS

pytestmark = pytest.mark.browser


def press(page, selector):
    """Press a button and wait for the page it leads to; leaving earlier would cut the request off."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def open_window(visitor, year):
    page = visitor.open("/windows/")
    page.locator("#id_year").fill(str(year))
    page.locator("#id_opens_on").fill(f"{year + 1}-01-02")
    page.locator("#id_due_on").fill(f"{year + 1}-01-20")
    page.locator("#id_plan").select_option("MFP-2020")
    page.locator("main form.stack button").click()
    page.wait_for_url(re.compile(r"/windows/\d+/$"))
    return page.url


def download(page, click):
    with page.expect_download() as waiting:
        click()
    return Path(waiting.value.path()).read_bytes()


def filled(data):
    """The workbook with every duty that has no answer yet answered, as a person would in a spreadsheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for row in book.worksheets[0].iter_rows(min_row=4):
        if row[0].value and not row[4].value:
            row[4].value, row[5].value = "cavab verilib", "Rayonlarda məlumatlandırma görüşləri keçirilib."
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(data, before, after):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                words = content.decode()
                assert words.count(before) == 1
                content = words.replace(before, after).encode()
            new.writestr(name, content)
    return out.getvalue()


def answer_three_online(page):
    page.locator("tbody th a").first.click()
    for place in range(3):
        page.locator("#id_stance").select_option("answered")
        page.locator("#id_narrative").fill(f"Təlim keçirilib: mövzu {'abc'[place]}.")
        press(page, "button[name=next]")


def test_a_year_from_the_window_to_the_sealed_report(visit, tmp_path):
    office, body = visit("az"), visit("az")
    office.enter("koordinator")
    board = open_window(office, 2021)
    body.enter("rinn")
    body.open("/returns/").locator("tbody th a", has_text="2021").first.click()
    address = body.page.url
    answer_three_online(body.page)
    page = body.open(address.removeprefix(body.address))
    sheet = tmp_path / "return.xlsx"
    sheet.write_bytes(filled(download(page, lambda: page.locator("a[href$='/workbook/']").click())))
    page.set_input_files("input[type=file]", sheet)
    page.locator("form[action$='/workbook/'] button").click()
    page.wait_for_url(address)
    body.photograph("year-return")
    press(page, "form[action$='/submit/'] button")

    review = office.open(address.removeprefix(office.address))
    review.locator("#id_decision").fill("İştirakçıların sayını yazın.")
    press(review, "button[value=send_back]")
    page = body.open(address.removeprefix(body.address))
    assert "İştirakçıların sayını yazın." in page.locator("main").inner_text()
    page.locator("tbody th a").first.click()
    page.locator("#id_narrative").fill("Təlim keçirilib, iştirakçıların siyahısı əlavə olunur.")
    press(page, "form[data-autosave] button.second")
    page = body.open(address.removeprefix(body.address))
    press(page, "form[action$='/submit/'] button")
    review = office.open(address.removeprefix(office.address))
    press(review, "button[value=approve]")
    assert "Təsdiq edilib" in office.open(address.removeprefix(office.address)).locator("main").inner_text()
    assert "RİNN" in office.open(board.removeprefix(office.address)).content() or "Nəqliyyat" in office.page.content()

    seal_a_report(office, tmp_path)
    assert office.errors == []
    assert body.errors == []


def seal_a_report(office, tmp_path):
    page = office.open("/reports/")
    page.locator("#id_kind").select_option("annual")
    page.locator("#id_year").fill("2021")
    page.locator("main form.stack button").click()
    page.wait_for_url(re.compile(r"/work/$"))
    work = page.url.removeprefix(office.address)
    page = office.open(work.replace("/work/", "/sections/"))
    for row in page.locator("tbody tr:has(input[value]):not(:has(code:text-is('introduction')))").all():
        for name in ("az", "en", "ru"):
            row.locator(f"input[name={name}]").fill("")
    office.photograph("year-sections")
    press(page, "main form button.button")
    press(page, "form[action$='/freeze/'] button")
    for language, words in (("az", "Birinci abzas yazılıb."), ("en", "A first paragraph."), ("ru", "Первый абзац.")):
        page = office.open(work.replace("/work/", f"/sections/introduction/{language}/"))
        page.locator("#id_text").fill(f"{words} [[victims-identified]]")
        press(page, "main form button.button")
    page = office.open(work)
    draft = tmp_path / "draft.docx"
    draft.write_bytes(
        rewritten(
            download(page, lambda: page.locator("a[href$='/word/az/']").click()), "Birinci abzas yazılıb.", "Abzas Word-də dəyişdirilib."
        )
    )
    page.set_input_files("#w-az", draft)
    press(page, "form[action$='/word/az/'] button")
    assert (
        "Abzas Word-də dəyişdirilib. [[victims-identified]]"
        in office.open(work.replace("/work/", "/sections/introduction/az/")).locator("#id_text").input_value()
    )
    page = office.open(work)
    office.photograph("year-work")
    press(page, "button[name=seal]")
    for _ in range(60):
        if page.locator("a[href$='/files/az/pdf/']").count() and not page.locator("form[action$='/make/']").count():
            break
        page.wait_for_timeout(500)
        office.open(work)
    pdf = download(page, lambda: page.locator("a[href$='/files/az/pdf/']").click())
    (SHOTS / "year-az.pdf").write_bytes(pdf)
    assert pdf.startswith(b"%PDF-1.7")
    page = office.open(work.replace("/work/", "/"))
    assert "Abzas Word-də dəyişdirilib." in page.locator("main").inner_text()
    office.photograph("year-sealed")


def servers(address):
    """The process ids of the site's web server and its workers."""
    port = urllib.parse.urlsplit(address).port
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"granian" in words and str(port).encode() in words:
            found.append(int(path.parent.name))
    return found


def test_a_killed_server_loses_at_most_five_seconds_of_words(visit, site):
    office = visit("en")
    office.enter("koordinator")
    open_window(office, 2022)
    body = visit("en")
    body.enter("rinn")
    page = body.open("/returns/")
    page.locator("tbody th a", has_text="2022").first.click()
    page.locator("tbody th a").nth(1).click()
    address = page.url
    page.locator("#id_stance").select_option("answered")
    page.locator("#id_narrative").press_sequentially("word " * 30, delay=60)
    page.locator("[data-state]", has_text="Saved at").wait_for(
        timeout=1500
    )  # keys went on for nine seconds, and it is saved before they have rested
    killed = servers(site)
    for process in killed:
        os.kill(process, signal.SIGKILL)
    page.locator("#id_narrative").press_sequentially("written while the server was dead")
    came_back(site)
    assert not set(killed) & set(servers(site))
    page.wait_for_timeout(5000)
    page.goto(address)
    assert page.locator("#id_narrative").input_value() == "word " * 30 + "written while the server was dead"


def came_back(site, seconds=60):
    """Wait until the site answers again."""
    for _ in range(seconds * 10):
        try:
            urllib.request.urlopen(f"{site}/healthz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the site did not come back")


def crowd(site):
    """Bodies of a fresh window with a signed-in person each and every duty answered: [(cookies, path)]."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.crowd", "2024"], cwd=ROOT, env=environment(site), stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


def environment(site):
    """The environment of the running site, read from its process."""
    raw = Path(f"/proc/{servers(site)[0]}/environ").read_bytes().split(b"\0")
    return dict(entry.decode().split("=", 1) for entry in raw if b"=" in entry)


def test_a_hundred_people_handing_in_at_once_lose_none(site, visit):
    people = crowd(site)
    assert len(people) >= 100
    together, answers = threading.Barrier(len(people)), []

    def hand_in(cookies, path, token):
        together.wait()
        request = urllib.request.Request(
            site + path,
            urllib.parse.urlencode({"csrfmiddlewaretoken": token}).encode(),
            {"Cookie": cookies, "Referer": site, "Origin": site},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            answers.append(answer.status)

    threads = [threading.Thread(target=hand_in, args=person) for person in people]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{len(people)} returns handed in at once in {time.monotonic() - started:.1f} s")
    assert answers == [200] * len(people)
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.crowd", "2024", "count"], cwd=ROOT, env=environment(site), stdout=subprocess.PIPE, check=True
    )
    assert json.loads(done.stdout) == {"submitted": len(people), "entries": len(people)}
