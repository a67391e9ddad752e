"""The pages of annual report."""

from django.urls import URLPattern

app_name = "annual_report"
urlpatterns: list[URLPattern] = []
