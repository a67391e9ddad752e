"""Reading official acts: from a file as people have it to one structure, without a database."""

from qalxan.kernel.acts.reader import read_act, read_file
from qalxan.kernel.acts.source import Source, load

__all__ = ["Source", "load", "read_act", "read_file"]
