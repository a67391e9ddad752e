"""`python -m qalxan`."""

import sys

from qalxan.shell.cli import main

sys.exit(main())
