"""The languages of people and communities, as Slack's locales (``fr-FR``) and the files' codes (``fr``, ``pt-BR``) name them."""

from collections.abc import Collection

LAST_RESORT = "en"


def tongues(language: str | None) -> list[str]:
    """The codes under which a text in a language may be kept, the closest first: ``pt_BR`` gives ``pt-BR`` and ``pt``."""
    code = (language or "").strip().replace("_", "-")
    return list(dict.fromkeys(filter(None, [code, code.partition("-")[0].lower()])))


def nearest(known: Collection[str], *wished: str | None) -> str:
    """The first of the languages wished that is known; English when none is."""
    return next((tongue for language in wished for tongue in tongues(language) if tongue in known), LAST_RESORT)
