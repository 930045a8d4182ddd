"""What several keys must hold together: read from the plain values, so that it is told beside every other mistake."""

from copbot.adapters.files.care_keys import check_care
from copbot.adapters.files.document import Document
from copbot.adapters.files.onboarding_keys import check_onboarding
from copbot.adapters.files.post_keys import check_posts
from copbot.adapters.files.voices_keys import check_pulse


def check_between_keys(document: Document) -> None:
    """Note every mistake between keys of a file's posts, onboarding, and care for questions."""
    data = document.data if isinstance(document.data, dict) else {}
    check_posts(document, data.get("posts"))
    check_onboarding(document, data.get("onboarding"))
    check_care(document, data.get("unanswered"), data.get("duty"))
    if "backup" in data and data["backup"] is None:  # whoever wrote it believes that there is one
        document.problem(("backup",), "`backup` says nothing: write `backup: {keep: 7}`", at_key=True)
    check_pulse(document, data.get("pulse"))
