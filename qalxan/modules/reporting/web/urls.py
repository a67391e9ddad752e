"""The pages of reporting."""

from django.urls import path

from qalxan.modules.reporting.web import boards, returns

app_name = "reporting"
urlpatterns = [
    path("returns/", returns.Mine.as_view(), name="mine"),
    path("returns/<int:return_id>/", returns.ReturnView.as_view(), name="return"),
    path("returns/<int:return_id>/submit/", returns.Submit.as_view(), name="submit"),
    path("returns/<int:return_id>/refuse/", returns.RefuseReturn.as_view(), name="refuse"),
    path("returns/<int:return_id>/decide/", returns.Decide.as_view(), name="decide"),
    path("returns/<int:return_id>/workbook/", returns.Workbook.as_view(), name="workbook"),
    path("returns/<int:return_id>/answers/<int:answer_id>/", returns.AnswerView.as_view(), name="answer"),
    path("returns/<int:return_id>/answers/<int:answer_id>/autosave/", returns.Autosave.as_view(), name="autosave"),
    path("returns/<int:return_id>/answers/<int:answer_id>/merge/", returns.Merge.as_view(), name="merge"),
    path("returns/<int:return_id>/answers/<int:answer_id>/evidence/", returns.AddEvidence.as_view(), name="add_evidence"),
    path("returns/<int:return_id>/answers/<int:answer_id>/rate/<slug:voice>/", returns.Rate.as_view(), name="rate"),
    path("uploads/<int:upload_id>/", returns.UploadView.as_view(), name="upload"),
    path("evidence/<int:evidence_id>/", returns.EvidenceFile.as_view(), name="evidence"),
    path("evidence/<int:evidence_id>/remove/", returns.RemoveEvidence.as_view(), name="remove_evidence"),
    path("windows/", boards.Windows.as_view(), name="windows"),
    path("windows/<int:window_id>/", boards.Board.as_view(), name="board"),
    path("windows/<int:window_id>/map/", boards.SilenceMap.as_view(), name="map"),
    path("windows/<int:window_id>/compare/", boards.Compare.as_view(), name="compare"),
    path("plans/<slug:code>/checkable/", boards.Checkable.as_view(), name="checkable"),
    path("plans/<slug:code>/measures/<str:number>/<int:occurrence>/years/", boards.Years.as_view(), name="years"),
    path("indicators/", boards.Indicators.as_view(), name="indicators"),
]
