"""The pages of reports."""

from django.urls import path

from qalxan.reports.annual_report.web import views

app_name = "annual_report"
ONE = "reports/<slug:kind>/<int:year>/<int:number>/"
urlpatterns = [
    path("reports/", views.List.as_view(), name="list"),
    path(ONE, views.Reading.as_view(), name="edition"),
    path(ONE + "figure/", views.Figure.as_view(), name="figure"),
    path(ONE + "charts/<slug:code>/<slug:language>.svg", views.Picture.as_view(), name="picture"),
    path(ONE + "files/<slug:language>/<slug:form>/", views.File.as_view(), name="file"),
    path(ONE + "work/", views.Workspace.as_view(), name="workspace"),
    path(ONE + "freeze/", views.Freeze.as_view(), name="freeze"),
    path(ONE + "make/", views.Make.as_view(), name="make"),
    path(ONE + "sections/", views.Sections.as_view(), name="sections"),
    path(ONE + "sections/<slug:code>/<slug:language>/", views.SectionText.as_view(), name="section"),
    path(ONE + "word/<slug:language>/", views.Word.as_view(), name="word"),
]
