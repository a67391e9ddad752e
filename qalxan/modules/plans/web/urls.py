"""The pages of plans."""

from django.urls import path

from qalxan.modules.plans.web import acts, duties, plans, records

app_name = "plans"
urlpatterns = [
    path("plans/", plans.List.as_view(), name="list"),
    path("plans/search/", plans.Search.as_view(), name="search"),
    path("plans/<slug:code>/", plans.Consolidated.as_view(), name="plan"),
    path("plans/<slug:code>/compare/", plans.Compare.as_view(), name="compare"),
    path("plans/<slug:code>/export/<slug:form>/", plans.Export.as_view(), name="export"),
    path("plans/<slug:code>/measures/<str:number>/<int:occurrence>/", plans.MeasureThroughTime.as_view(), name="measure"),
    path("plans/<slug:code>/duties/", duties.ByYear.as_view(), name="duties"),
    path("plans/<slug:code>/heat/", duties.Heat.as_view(), name="heat"),
    path("plans/<slug:code>/runs/", duties.Runs.as_view(), name="runs"),
    path("plans/<slug:code>/amend/", acts.EnterAmendment.as_view(), name="amend"),
    path("plans/<slug:code>/rosters/", records.Rosters.as_view(), name="rosters"),
    path("plans/<slug:code>/measures/<str:number>/<int:occurrence>/resolve/", records.Resolve.as_view(), name="resolve"),
    path("plans/<slug:code>/measures/<str:number>/<int:occurrence>/record/", records.Record.as_view(), name="record"),
    path("bodies/<slug:body>/duties/", duties.ByBody.as_view(), name="body_duties"),
    path("calendar/<str:key>.ics", duties.feed, name="calendar_feed"),
    path("acts/", acts.Drafts.as_view(), name="acts"),
    path("acts/<int:act_id>/", acts.Review.as_view(), name="act"),
    path("acts/<int:act_id>/rows/<int:place>/", acts.Row.as_view(), name="row"),
    path("acts/<int:act_id>/adopt/", acts.Adopt.as_view(), name="adopt"),
    path("acts/<int:act_id>/discard/", acts.Discard.as_view(), name="discard"),
    path("acts/<int:act_id>/beside/<int:other_id>/", acts.Beside.as_view(), name="beside"),
    path("acts/<int:act_id>/apply/", acts.Apply.as_view(), name="apply"),
    path("treaties/", records.Treaties.as_view(), name="treaties"),
    path("treaties/<int:treaty_id>/", records.TreatyDates.as_view(), name="treaty"),
]
