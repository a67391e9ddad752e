"""Every address of the site."""

from django.urls import include, path

from qalxan.shell.access.views import NeedToKnow, Rights
from qalxan.shell.accounts.recovery import ApproveRecovery, AskRecovery, CloseRecovery, Recoveries, RecoveryView
from qalxan.shell.audit import public as log_public
from qalxan.shell.audit.views import Log
from qalxan.shell.bodies.views import BodyView, Directory, HandOver
from qalxan.shell.demo.views import switch
from qalxan.shell.health import healthz
from qalxan.shell.home.views import Home
from qalxan.shell.language import set_language
from qalxan.shell.limits.views import Limits
from qalxan.shell.styleguide.views import StyleGuide

handler400 = "qalxan.shell.errors.bad_request"
handler403 = "qalxan.shell.errors.forbidden"
handler404 = "qalxan.shell.errors.not_found"
handler500 = "qalxan.shell.errors.broken"

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("healthz", healthz, name="healthz"),
    path("language/", set_language, name="set_language"),
    path("demo/switch/", switch, name="demo_switch"),
    path("bodies/", Directory.as_view(), name="bodies"),
    path("bodies/<slug:code>/", BodyView.as_view(), name="body"),
    path("bodies/<slug:code>/hand-over/", HandOver.as_view(), name="hand_over"),
    path("limits/", Limits.as_view(), name="limits"),
    path("log/", Log.as_view(), name="log"),
    path("log/key", log_public.key, name="log_key"),
    path("log/head", log_public.head, name="log_head"),
    path("log/head/<int:size>", log_public.head, name="log_head_of"),
    path("log/consistency/<int:old>/<int:new>", log_public.consistency, name="log_consistency"),
    path("log/inclusion/<int:seq>/<int:size>", log_public.inclusion, name="log_inclusion"),
    path("rights/", Rights.as_view(), name="rights"),
    path("rights/rooms/", NeedToKnow.as_view(), name="need_to_know"),
    path("styleguide/", StyleGuide.as_view(), name="styleguide"),
    path("accounts/", include("qalxan.shell.accounts_urls")),
    path("recoveries/", Recoveries.as_view(), name="recoveries"),
    path("recoveries/new/", AskRecovery.as_view(), name="recovery_ask"),
    path("recoveries/<int:recovery_id>/", RecoveryView.as_view(), name="recovery"),
    path("recoveries/<int:recovery_id>/approve/", ApproveRecovery.as_view(), name="recovery_approve"),
    path("recoveries/<int:recovery_id>/close/", CloseRecovery.as_view(), name="recovery_close"),
    path("", include("qalxan.shell.persons.urls")),
    path("", include("qalxan.modules.plans.web.urls")),
    path("", include("qalxan.modules.reporting.web.urls")),
    path("", include("qalxan.modules.coordination.web.urls")),
    path("", include("qalxan.reports.statistics.web.urls")),
    path("", include("qalxan.reports.annual_report.web.urls")),
]
