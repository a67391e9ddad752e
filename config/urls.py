"""The root of the address space: everything is assembled in `qalxan.shell.urls`."""

from qalxan.shell.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
