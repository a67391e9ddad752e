"""Addresses of persons' records: ids of ours and codes, never a word of what is sealed."""

from django.urls import path

from qalxan.shell.persons import casework, deciding, finding, records, sharing

app_name = "persons"
urlpatterns = [
    path("cases/", records.Cases.as_view(), name="cases"),
    path("cases/<uuid:case>/", records.CaseView.as_view(), name="case"),
    path("cases/<uuid:case>/assign/", casework.Assign.as_view(), name="assign"),
    path("cases/<uuid:case>/seal/", deciding.Seal.as_view(), name="seal"),
    path("cases/<uuid:case>/close/", casework.Close.as_view(), name="close"),
    path("cases/<uuid:case>/people/new/", casework.PlaceInCase.as_view(), name="place"),
    path("cases/<uuid:case>/people/<uuid:person>/out/", casework.TakeOut.as_view(), name="take_out"),
    path("seals/", deciding.Seals.as_view(), name="seals"),
    path("seals/new/", deciding.NumberedSeal.as_view(), name="seal_numbered"),
    path("seals/<int:seal>/lift/", deciding.Lift.as_view(), name="lift"),
    path("shifts/", casework.Shifts.as_view(), name="shifts"),
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
