"""Whether a message says that something was used, or helped: the moment to ask what it changed (vision.md, value shows up as stories).

Rules, explainable, in English, French and Spanish; careful rather than complete, for who is asked without cause is annoyed. What is
denied ("it did not help"), wished ("I hope this helps") or asked ("did that help?") tells of nothing.
"""

import re

READ_CHARACTERS = 3000

_LEFT_OUT = re.compile(r"(?s:```.*?(?:```|\Z))|`[^`\n]*`|<[^>\n]*>|^(?:&gt;|>)[^\n]*", re.MULTILINE)

_TOLD = re.compile(
    r"\b(?:"
    # English
    r"(?:this|that|it|which|your? \w+|the \w+) (?:really |actually |just |also |has |have )*"
    r"(?:helped|saved|solved|fixed|worked) (?:me|us|my|our|the|a lot|perfectly|great|well|like a charm|hours|days|weeks)\b"
    r"|(?:this|that|it|your \w+) (?:really |actually |just |also |already )*(?:helped|(?:solved|fixed) (?:it|this|that)|did the trick)"
    r"(?=\s*(?:[.!,;:)]|thank|thx|$))"
    r"|(?:i|we) (?:tried|followed|used) (?:your|this|that|the) \w+(?:(?!\b(?:not?|nothing|never|hardly)\b|n['’]t)[^.!?\n]){0,40}\bworked\b"
    r"|(?:i|we)(?:'m|’m|'re|’re| am| are) (?:now |already )*using your\b"
    r"|(?:saved|spared) (?:me|us) (?:\w+ ){0,4}(?:hours?|days?|weeks?|months?|time|work|money|effort|trouble)\b"
    r"|(?:i|we)(?:'ve|’ve| have)? (?:now |just |since |already |also )*(?:used|reused|re-used|adopted|applied|adapted) "
    r"(?:your|this|that|these|the (?:template|guide|script|method|approach|advice|tip|example|code|checklist|tool))\b"
    r"|thanks to (?:you|your|this|that)\b[^.!\n]{3,}\b(?:we|i)\b"
    r"|(?:was|were|is|been) (?:really |very |so |super |extremely )?(?:helpful|useful) (?:to|for) (?:me|us|my|our)\b"
    r"|exactly what (?:i|we) needed\b"
    # French
    r"|(?:ça|cela|ceci|il|elle)(?: m['’]| nous | m['’]?)a (?:vraiment |beaucoup |bien )?(?:aidé|aidée|aidés|servi|dépanné)"
    r"|(?:m['’]a|nous a) fait (?:gagner|économiser)\b"
    r"|(?:j['’]ai|nous avons|on a) (?:utilisé|réutilisé|repris|appliqué|adopté) (?:ton|ta|tes|votre|vos|ce|cet|cette|ces)\b"
    r"|grâce à (?:toi|vous|ton|ta|votre|ce|cet|cette)\b"
    # Spanish
    r"|(?:me|nos) (?:ha |han )?(?:ayudado|ayudó|ayudaron|sirvió|servido|ahorró|ahorrado) "
    r"(?:mucho|un montón|bastante|a|para|horas|días|tiempo)"
    r"|(?:he|hemos) (?:usado|utilizado|reutilizado|aplicado|adoptado|adaptado) (?:tu|tus|su|sus|este|esta|esto|ese|esa)\b"
    r"|gracias a (?:ti|tu|ustedes|vosotros|su|este|esta)\b[^.!\n]{3,}\b(?:pude|pudimos|logramos|logré|conseguimos)\b"
    r")",
    re.IGNORECASE,
)

_UNTOLD = re.compile(
    r"\b(?:not|never|no|hardly|didn['’]?t|hasn['’]?t|haven['’]?t|doesn['’]?t|wasn['’]?t|isn['’]?t|hope|hopes|hopefully|glad|if|would|could|might|may|will"
    r"|ne|n['’]|pas|jamais|espère|si|nunca|ojalá|espero)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)

_DENIED = re.compile(r"\b(?:not|never|jamais|nunca)\b", re.IGNORECASE)


def tells_of_worth(text: str) -> str:
    """The words by which a text in Slack's markup says that something was used or helped; "" where it does not."""
    said = _LEFT_OUT.sub(" ", text[:READ_CHARACTERS])
    for found in _TOLD.finditer(said):
        sentence_so_far = re.split(r"[.!?\n]", said[: found.start()])[-1]
        rest = re.split(r"[.!\n]", said[found.end() :], maxsplit=1)[0]
        if not _UNTOLD.search(sentence_so_far) and "?" not in rest and not _DENIED.search(found[0]):
            return found[0]
    return ""
