"""How jobs of the worker outlive a restart of the database."""

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy

DATABASE_AWAY = RetryStrategy(max_attempts=8, wait=1, linear_wait=2, retry_exceptions={OperationalError, InterfaceError})
"""For every task: tried again after 1, 3, 5 … seconds when the database went away under it. Other faults are not retried: they would come again."""
