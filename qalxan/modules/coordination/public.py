"""What other storeys may use of coordination."""

from qalxan.modules.coordination.operations.seed import load_seed
from qalxan.modules.coordination.queries.board import board
from qalxan.modules.coordination.queries.recommendations import recommendation_list, status_counts
from qalxan.modules.coordination.queries.tasks import tasks_of_body

__all__ = ["board", "load_seed", "recommendation_list", "status_counts", "tasks_of_body"]
