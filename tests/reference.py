"""Need to know once more, written from the prose and not from the code: slow, short, without the declaration. SQL and policy must agree with it."""

ROOMS = {  # role → room → (purposes, only in own care)
    "hotline_operator": {"identity": ("protection referral", False)},
    "first_responder": {"identity": ("protection referral", False)},
    "consul": {"identity": ("protection support referral", False), "support": ("support referral", False)},
    "police_officer": {"identity": ("protection investigation prosecution", False), "inquiry": ("investigation prosecution", False),
                       "justice": ("investigation prosecution", False), "whereabouts": ("protection", True)},
    "shelter_staff": {"identity": ("protection support", True), "whereabouts": ("protection support", True),
                      "support": ("protection support", True), "health": ("health_care", True)},
    "social_worker": {"identity": ("support referral", False), "support": ("support referral", False), "health": ("health_care", False)},
}  # fmt: skip


def lasts(row, now, start="from_at", end="until_at"):
    """Now is inside the row's time and nobody ended it."""
    return row[start] <= now and (row[end] is None or now < row[end]) and row.get("ended_at") is None


def cases_of(w, person, *, ever=False):
    """The cases a person is in, or ever was in."""
    return {m["case_id"] for m in w["persons_caseperson"] if m["person_id"] == person and (ever or m["removed_at"] is None)}


def sealed(w, post, person):
    """A standing seal on the person, or on a case the person ever was in, does not name the post."""
    for s in w["access_seal"]:
        hits = s["person"] == person or s["case_id"] in cases_of(w, person, ever=True)
        if s["lifted_at"] is None and hits and not any(n["seal_id"] == s["id"] and n["post"] == post["id"] for n in w["access_seal_named"]):
            return True
    return False


def agreed(w, grant, post, person, now):
    """Support, health care and referral need a consent that names the body, in both voices of a child, and nothing withheld from it."""
    if grant["purpose"] not in ("support", "health_care", "referral"):
        return True
    force = [
        c for c in w["access_consent"] if c["person"] == person and c["given_at"] <= now < c["expires_at"] and c["withdrawn_at"] is None
    ]
    for c in force:
        for no in w["access_withhold"]:
            if no["consent_id"] == c["id"] and no["compartment"] in ("", grant["compartment"]) and no["body"] in ("", post["body_id"]):
                return False
    return any(
        c["purpose"] == grant["purpose"] and post["body_id"] in c["recipients"]
        and (not c["child"] or (c["representative"] == "agrees" and c["own_voice"] in ("agrees", "cannot")))
        for c in force
    )  # fmt: skip


def lives(w, grant, person, now):
    """Whether a grant lets its post see this person."""
    post = next(p for p in w["accounts_post"] if p["id"] == grant["post"])
    user = next(u for u in w["accounts_user"] if u["id"] == post["user_id"])
    ground = next(r for r in w["access_ground"] if r["id"] == grant["ground_id"])
    purposes, care = ROOMS.get(post["role"], {}).get(grant["compartment"], ("", False))
    return (
        user["is_active"] and lasts(post, now, "starts_at", "ends_at") and lasts(grant, now) and lasts(ground, now)
        and ground["post"] == post["id"] and ground["person"] in (None, person)
        and (ground["case_id"] is None or ground["case_id"] in cases_of(w, person))
        and (grant["person"] == person or grant["case_id"] in cases_of(w, person))
        and grant["purpose"] in purposes.split() and (not care or (ground["kind"] == "care" and ground["person"] == person))
        and agreed(w, grant, post, person, now) and not sealed(w, post, person)
    )  # fmt: skip


def grants_over(w, user, person, compartment, now):
    """The living grants of a user over a person in a compartment."""
    posts = {p["id"] for p in w["accounts_post"] if p["user_id"] == user}
    return [g for g in w["access_grant"] if g["post"] in posts and g["compartment"] == compartment and lives(w, g, person, now)]
