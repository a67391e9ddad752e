"""The house keeps its shape: sizes, rooms, translations, locks."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey

ROOT = Path(__file__).resolve().parents[1]
CODE = [
    p
    for p in [*ROOT.glob("qalxan/**/*.py"), *ROOT.glob("config/**/*.py"), *ROOT.glob("scripts/*.py"), *ROOT.glob("bench/*.py")]
    if "migrations" not in p.parts
]
ROOMS = {"README.md", "apps.py", "choices.py", "models", "models.py", "policy.py", "queries", "queries.py", "operations", "operations.py", "public.py", "tasks.py", "web", "api", "data",
         "migrations", "tests", "__init__.py", "events.py"}  # fmt: skip
STOREYS = ["kernel", "foundation", "webkit", "modules", "reports", "shell"]


def test_no_file_is_over_500_lines_and_no_function_over_60():
    long = [
        (p.name, n)
        for p in [*CODE, *ROOT.glob("qalxan/**/*.html"), *ROOT.glob("qalxan/**/*.css")]
        if (n := p.read_text(encoding="utf-8").count("\n")) > 500
    ]
    assert long == []
    functions = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 60:
                functions.append((path.name, node.name))
    assert functions == []


def test_every_public_function_and_class_says_what_it_means():
    silent = []
    for path in CODE:
        if "tests" in path.parts or path.name == "apps.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append((str(path.relative_to(ROOT)), node.name))
    assert silent == []


def test_a_module_has_the_houses_rooms_and_no_others():
    for module in (ROOT / "qalxan" / "modules").iterdir():
        if module.is_dir() and module.name != "__pycache__":
            assert {p.name for p in module.iterdir() if p.name != "__pycache__"} <= ROOMS, module.name
            assert (module / "README.md").exists(), f"{module.name} needs its README"


def test_foreign_keys_point_down():
    for model in apps.get_models():
        if not model.__module__.startswith("qalxan."):
            continue
        own = STOREYS.index(model.__module__.split(".")[1])
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if isinstance(field, ForeignKey) and target.__module__.startswith("qalxan."):
                assert STOREYS.index(target.__module__.split(".")[1]) <= own, (model, field)


def test_every_message_has_its_words_in_three_languages():
    from babel.messages.pofile import read_po

    from qalxan.webkit.catalogs import LANGUAGES, LOCALE, extract

    wanted = extract()
    assert len(wanted) > 300
    for language in LANGUAGES:
        with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as stream:
            catalog = {(m.context, m.id[0] if isinstance(m.id, tuple) else m.id): m for m in read_po(stream, locale=language) if m.id}
        for key in wanted:
            message = catalog.get(key)
            assert message, f"{language} lacks {key}"
            assert not message.fuzzy, f"{language} is unsure of {key}"
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(strings), f"{language} lacks {key}"
            if wanted[key][0] is None:
                assert set(re.findall(r"%\(\w+\)s", key[1])) == set(re.findall(r"%\(\w+\)s", strings[0])), f"{language}: {key}"


def test_locks_carry_hashes_and_no_address():
    for name in ("base.lock", "dev.lock"):
        text = (ROOT / "requirements" / name).read_text()
        assert "://" not in text
        assert all(line.startswith((" ", "#")) or "==" in line for line in text.splitlines() if line)
        assert text.count("==") <= text.count("--hash=sha256:")
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_readme_names_the_licence_and_the_two_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(words in readme for words in ("EUPL-1.2", "make up", "make check"))
    assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("word", ["localhost:5432/prod", "/" + "root/", "/" + "work/"])
def test_no_file_names_a_folder_of_one_machine(word):
    found = [p.name for p in [*CODE, *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")] if word in p.read_text(encoding="utf-8")]
    assert found == []


def test_names_sort_and_case_by_the_azerbaijani_alphabet():
    from qalxan.kernel.names import lower, sort_key, upper

    names = ["Zəhra", "Şəki", "Sumqayıt", "İsmayıllı", "Xızı", "Qax", "Hacıqabul", "Əli", "Elçin", "Çıraq", "Ceyhun", "Ilıca"]
    assert sorted(names, key=sort_key) == [
        "Ceyhun",
        "Çıraq",
        "Elçin",
        "Əli",
        "Hacıqabul",
        "Xızı",
        "Ilıca",
        "İsmayıllı",
        "Qax",
        "Sumqayıt",
        "Şəki",
        "Zəhra",
    ]
    assert (lower("İSMAYILOV IŞIQ"), upper("ilqar ışıq")) == ("ismayılov ışıq", "İLQAR IŞIQ")
