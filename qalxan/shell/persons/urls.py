"""Addresses of persons' records: ids of ours and codes, never a word of what is sealed."""

from django.urls import path

from qalxan.shell.persons import finding, records, sharing

app_name = "persons"
urlpatterns = [
    path("cases/", records.Cases.as_view(), name="cases"),
    path("cases/<uuid:case>/", records.CaseView.as_view(), name="case"),
    path("cases/<uuid:case>/assign/", sharing.Assign.as_view(), name="assign"),
    path("cases/<uuid:case>/seal/", sharing.Seal.as_view(), name="seal"),
    path("cases/<uuid:case>/seals/<int:seal>/lift/", sharing.Lift.as_view(), name="lift"),
    path("grants/<int:grant>/withdraw/", sharing.Withdraw.as_view(), name="withdraw"),
    path("grounds/<int:ground>/end/", sharing.Leave.as_view(), name="leave"),
    path("names/compare/", finding.Compare.as_view(), name="compare"),
    path("persons/new/", records.Register.as_view(), name="register"),
    path("persons/search/", finding.Search.as_view(), name="search"),
    path("persons/met/", finding.Met.as_view(), name="met"),
    path("persons/notices/", finding.Notices.as_view(), name="notices"),
    path("persons/seen/", finding.SheetOf.as_view(), name="sheet_of"),
    path("persons/<uuid:person>/", records.PersonView.as_view(), name="person"),
    path("persons/<uuid:person>/case/", records.OpenCase.as_view(), name="open_case"),
    path("persons/<uuid:person>/findable/", records.Findable.as_view(), name="findable"),
    path("persons/<uuid:person>/rooms/<slug:room>/", records.RoomView.as_view(), name="room"),
    path("persons/<uuid:person>/rooms/<slug:room>/<slug:kind>/new/", records.AddThing.as_view(), name="add"),
    path("persons/things/<uuid:item>/correct/", records.CorrectThing.as_view(), name="correct"),
    path("persons/<uuid:person>/give/", sharing.Give.as_view(), name="give"),
    path("persons/<uuid:person>/consent/", sharing.Consents.as_view(), name="consent"),
    path("persons/<uuid:person>/consent/<int:consent>/withdraw/", sharing.WithdrawConsent.as_view(), name="withdraw_consent"),
    path("persons/<uuid:person>/merge/", finding.MergeRecords.as_view(), name="merge"),
    path("persons/<uuid:person>/merge/<uuid:merge>/undo/", finding.Unmerge.as_view(), name="unmerge"),
    path("persons/<uuid:person>/history/", finding.HistoryView.as_view(), name="history"),
    path("persons/<uuid:person>/seen/", finding.Sheet.as_view(), name="sheet"),
]
