"""The pages of figures."""

from django.urls import path

from qalxan.reports.statistics.web import facts, figures

app_name = "statistics"
urlpatterns = [
    path("figures/", figures.List.as_view(), name="list"),
    path("figures/export/<slug:form>/", figures.Export.as_view(), name="export"),
    path("figures/checks/", figures.Checks.as_view(), name="checks"),
    path("figures/import/", facts.Import.as_view(), name="import"),
    path("figures/enter/", facts.Enter.as_view(), name="enter"),
    path("figures/approve/", facts.Approve.as_view(), name="approve"),
    path("figures/indicators/<slug:code>/", figures.Indicator.as_view(), name="indicator"),
    path("figures/<int:fact_id>/", figures.Fact.as_view(), name="fact"),
    path("figures/<int:fact_id>/choose/", facts.Choose.as_view(), name="choose"),
    path("figures/<int:fact_id>/withdraw/", facts.Withdraw.as_view(), name="withdraw"),
]
