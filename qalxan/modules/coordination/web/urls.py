"""The pages of coordination."""

from django.urls import path

from qalxan.modules.coordination.web import forums, meetings, recommendations, tasks

app_name = "coordination"
urlpatterns = [
    path("coordination/", forums.Board.as_view(), name="board"),
    path("coordination/forums/<slug:code>/", forums.Forum.as_view(), name="forum"),
    path("coordination/forums/<slug:code>/seat/", forums.Seat.as_view(), name="seat"),
    path("coordination/forums/<slug:code>/seat/end/", forums.EndSeat.as_view(), name="end_seat"),
    path("coordination/forums/<slug:code>/meetings/new/", forums.PlanMeeting.as_view(), name="plan_meeting"),
    path("coordination/meetings/<int:meeting_id>/", meetings.Meeting.as_view(), name="meeting"),
    path("coordination/meetings/<int:meeting_id>/move/", meetings.Move.as_view(), name="move"),
    path("coordination/meetings/<int:meeting_id>/cancel/", meetings.Cancel.as_view(), name="cancel"),
    path("coordination/meetings/<int:meeting_id>/agenda/", meetings.Agenda.as_view(), name="agenda"),
    path("coordination/meetings/<int:meeting_id>/agree/", meetings.Agree.as_view(), name="agree"),
    path("coordination/meetings/<int:meeting_id>/attendance/", meetings.Attendance.as_view(), name="attendance"),
    path("coordination/meetings/<int:meeting_id>/decide/", meetings.Decide.as_view(), name="decide"),
    path("coordination/meetings/<int:meeting_id>/minutes/", meetings.Minutes.as_view(), name="minutes"),
    path("coordination/meetings/<int:meeting_id>/approve/", meetings.Approve.as_view(), name="approve"),
    path("coordination/tasks/", tasks.List.as_view(), name="tasks"),
    path("coordination/tasks/<int:task_id>/", tasks.Task.as_view(), name="task"),
    path("coordination/tasks/<int:task_id>/report/", tasks.Report.as_view(), name="report"),
    path("coordination/tasks/<int:task_id>/close/", tasks.Close.as_view(), name="close"),
    path("coordination/recommendations/", recommendations.List.as_view(), name="recommendations"),
    path("coordination/recommendations/new/", recommendations.New.as_view(), name="new_recommendation"),
    path("coordination/recommendations/<int:recommendation_id>/", recommendations.Recommendation.as_view(), name="recommendation"),
    path("coordination/recommendations/<int:recommendation_id>/edit/", recommendations.Edit.as_view(), name="edit_recommendation"),
    path("coordination/recommendations/<int:recommendation_id>/status/", recommendations.Status.as_view(), name="status"),
    path("coordination/recommendations/<int:recommendation_id>/answer/", recommendations.Answer.as_view(), name="answer"),
]
