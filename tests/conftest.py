"""What tests share: the database as the app role sees it, the cast, the source documents."""

import datetime as dt
import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.db.models.signals import pre_migrate
from django.test import Client

from config.postgres import APP, OWNER, grant, prepare, server
from tests.people import _owners, age, person  # noqa: F401 - fixtures of all

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
NOW = dt.datetime(2022, 7, 1, 9, 0, tzinfo=dt.UTC)


def pytest_configure(config: pytest.Config) -> None:
    prepare(server(), "qalxan")
    if not hasattr(config, "workerinput"):
        os.environ["QALXAN_TEST_BUILT"] = tempfile.mkdtemp(prefix="qalxan-built-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["QALXAN_TEST_BUILT"], ignore_errors=True)


@pytest.hookimpl(tryfirst=True)  # before the workers' plugin reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and {"site", "papers"} & set(item.fixturenames):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))  # one worker builds the installation, not both
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)  # the long ones first, the short ones fill up
    if not SEEDS.exists():
        absent = pytest.mark.skip(reason="the five source documents (../shared/seeds) are not here")
        for item in items:
            if "seeds" in item.keywords:
                item.add_marker(absent)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database is made and migrated by its owner."""
    for connection in connections.all():
        connection.settings_dict["USER"] = OWNER
        connection.settings_dict["OPTIONS"] = {}


def _grant_before_tables(**kwargs: object) -> None:
    grant(server(), connections["default"].settings_dict["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(_rights_first, django_db_setup, django_db_blocker):
    """Tests run as the app role, which owns nothing; the demonstration country stands for data."""
    connection = connections["default"]
    with django_db_blocker.unblock():
        from qalxan.foundation.audit.own import close_own
        from qalxan.foundation.bodies.operations import load_bodies
        from qalxan.shell.demo.load import load_demo

        load_bodies()
        connection.close()
        connection.settings_dict["USER"] = APP
        load_demo(NOW, report=False)
        connection.close()
    yield
    close_own()
    connection.close()
    connection.settings_dict["USER"] = OWNER


@pytest.fixture(scope="session")
def _rights_first() -> None:
    pre_migrate.connect(_grant_before_tables, dispatch_uid="rights")


@pytest.fixture(autouse=True)
def _language(settings) -> None:
    from django.utils import translation

    translation.activate("en")


@pytest.fixture
def seeds() -> dict[str, Path]:
    """The source documents by their first digits."""
    return {path.name[:3]: path for path in SEEDS.glob("*.txt")}


@pytest.fixture
def enter(client: Client):
    """Sign in as an invented person by the first part of the address, as the demonstration's switcher does it."""

    def enter(who: str, language: str = "en") -> Client:
        fresh = Client()
        assert fresh.post("/demo/switch/", {"email": f"{who}@demo.example"}).status_code == 302
        fresh.cookies["qalxan_language"] = language
        return fresh

    return enter


@pytest.fixture
def act_as():
    """The actor of an invented person, with the posts held at a moment."""
    from qalxan.foundation.accounts.models import User
    from qalxan.foundation.accounts.queries import actor_of

    return lambda who, now=NOW + dt.timedelta(days=1): actor_of(User.objects.get(email=f"{who}@demo.example").id, now)


_FILLED: list[tuple[str, str, str]] = []
"""Where, whose and which: the next test may look at another database."""


@pytest.fixture(autouse=True)
def _emptied_posts() -> None:
    """Posts that an earlier test filled are taken away now: at that test's own end its transaction would still hold them."""
    while _FILLED:
        dsn, email, role = _FILLED.pop()
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute("SET session_replication_role = replica")  # grants of the rolled-back test never came to be
            admin.execute(
                "DELETE FROM accounts_post p USING accounts_user u WHERE u.id = p.user_id AND u.email = %s AND p.role = %s", [email, role]
            )


@pytest.fixture
def filled():
    """Fill a post the installation's way (committed); the next test takes it away again."""
    from qalxan.foundation.access.permissions import Role
    from qalxan.foundation.accounts.installation import NewPost, fill_posts

    def fill(who: str, role: Role, body: str | None, starts_at: dt.datetime = NOW, ends_at: dt.datetime | None = None) -> None:
        assert fill_posts([NewPost(f"{who}@demo.example", role, body, starts_at, ends_at)])
        _FILLED.append((server().dsn(server().admin, connections["default"].settings_dict["NAME"]), f"{who}@demo.example", role.value))

    return fill


@pytest.fixture
def token_of(db):
    """A fresh session token of an invented person."""
    from qalxan.foundation.access import sessions
    from qalxan.foundation.accounts.models import User

    def mint(who: str, *, passkey: bool = True) -> str:
        token = sessions.new_token()
        user = User.objects.get(email=f"{who}@demo.example")
        sessions.open_session(user_id=user.id, token=token, ends_at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=9), passkey=passkey)
        return token

    return mint


@pytest.fixture
def overseeing(token_of):
    """Read the log as who oversees it: `with overseeing(): ...`."""
    from qalxan.foundation.access.binding import acting

    return lambda: acting(token_of("auditor"))
