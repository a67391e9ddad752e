"""What a draft's own text proposes for the plan it will become."""

import re
from typing import Any

from qalxan.modules.plans.models import Act

_YEARS = re.compile(r"((?:19|20)\d\d)\s?[-–—]?\s?((?:19|20)\d\d)")


def proposed_identity(act: Act) -> dict[str, Any]:
    """Code, names and years to start the adoption form with; a person decides."""
    title = act.title.strip('“”"«»')
    found = _YEARS.search(title)
    first = int(found.group(1)) if found else act.date.year if act.date else None
    kind = "PROQ" if "proqram" in title.lower() else "MFP"
    return {
        "code": f"{kind}-{first}" if first else "",
        "title_az": title[:300],
        "first_year": first,
        "last_year": int(found.group(2)) if found else None,
        "in_force_from": act.in_force_from or act.date,
    }
