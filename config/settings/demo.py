"""The populated demonstration site of `qalxan up`: plain HTTP on this machine, invented people, a role switcher."""

from config.settings.base import *  # noqa: F403

DEMO = True
