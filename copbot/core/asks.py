"""Whether a message asks something (definitions: *asks*), with the reason in words.

Thin on purpose: a question mark, or a request in words, in English, Japanese, Spanish and French. Code, links and
quoted lines are left out, for what they ask is not asked here; a mere greeting ("How are you?") asks nothing that
could wait for an answer.
"""

import re
from typing import NamedTuple

RULE_VERSION = 1
"""Stored beside each decision, so that a better rule knows which ones to make again."""

READ_CHARACTERS = 6000
"""A question stands near the beginning or the end: of a longer text the first and the last half of this are read."""

_LEFT_OUT = re.compile(
    r"(?s:```.*?(?:```|\Z))"  # a block of code
    r"|`[^`\n]*`"
    r"|<[^>\n]*>"  # links, mentions and channels as Slack writes them; a link's title is not the author's question
    r"|https?://[!-~]+"
    r"|^(?:&gt;|>)[^\n]*"  # quoted lines
    r"|:[a-z0-9_+'-]+:",  # emoji such as :question:
    re.MULTILINE,
)

_GREETING = re.compile(
    r"\b(?:how(?:'s| is|’s) (?:it going|everything|life|everyone|everybody)"
    r"|how are (?:you|things|we)(?: all| guys| doing| today)*"
    r"|how(?:'s| is|’s) your day|what(?:'s|’s| is) up|how do you do|(?:all )?(?:good|ok|okay|right)"
    r"|(?:ça|ca|comment ça) va|comment allez[- ]vous"
    r"|qué tal(?: están| estáis| estás)?|cómo (?:están|estáis|estás|va)(?: todo)?)"
    r"[^?？.!\n]{0,12}[?？]+"
    r"|お元気ですか[?？。]*|元気(?:です)?[?？]+",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\s*(?:thank(?:s| you)|thx|ty|merci|gracias|ありがとう)[^?？.!\n]{0,40}[.!?？\s]*", re.IGNORECASE)

_MARK = re.compile(r"[?？؟՞⁇⁈⁉\u037e]")

_ENGLISH = (
    r"how (?:do|can|could|would|should|did|to) (?:i|we|you|one|people|everyone|this|that|it)\b",
    r"(?:does|did|has|have|is|can|could|would|will) (?:any ?one|any ?body|some ?one|some ?body)\b",
    r"any ?(?:one|body) (?:know|have|has|tried|try|using|use|used|able|here|got|else|seen|interested|willing)\b",
    r"any (?:ideas?|suggestions?|recommendations?|tips|advice|pointers|thoughts|hints|experience|insights?|feedback)\b",
    r"(?:can|could|would) you (?:please |kindly )?(?:help|tell|explain|share|advise|recommend|suggest|point)\b",
    r"(?:please|pls|plz|kindly|can you|could you) (?:help|advise|explain|suggest|recommend)\b",
    r"(?:need|needs|needing) (?:some |any |your |a little )?(?:help|advice|assistance)\b",
    r"(?:i(?:'m|’m| am|m)? )?(?:was )?wondering (?:if|how|whether|why|what|where|when|who)\b",
    r"(?:i'd|i’d|i would|we'd|we would) (?:love|like|appreciate) (?:to (?:hear|know)|any|some|your)\b",
    r"(?:i(?:'m|’m| am)|we(?:'re|’re| are)) (?:looking for|searching for|stuck)\b",
    r"(?:looking for|seeking) (?:some |any )?(?:advice|recommendations?|suggestions?|help|someone|examples?)\b",
    r"what(?:'s|’s| is| are) the (?:best|right|easiest|recommended|proper|difference)\b",
    r"is there (?:a|any|some) (?:way|chance|tool|example|documentation|guide)\b",
    r"where (?:can|do|could|should) (?:i|we) (?:find|get|start|look|download)\b",
    r"(?:don't|don’t|do not) know (?:how|why|what|where|which) (?:to|it|this|i|we)\b",
    r"let me know (?:how to|if you know|which)\b",
)
_SPANISH = (
    r"(?:cómo|como) (?:puedo|podemos|se puede|hago|hacen|hacer|puede)\b",
    r"alguien (?:sabe|tiene|conoce|ha|puede|podría|podria|usa|me)\b",
    r"(?:pueden|puede|puedes|podrían|podrías|podría) (?:ayudar|ayudarme|ayudarnos|decirme|explicar|recomendar)",
    r"necesito (?:ayuda|saber|un consejo)\b",
    r"(?:saben|sabes|sabéis) (?:si|cómo|como|dónde|donde|qué|cuál)\b",
    r"(?:hay|existe) alguna? (?:forma|manera|modo)\b",
    r"alguna (?:idea|sugerencia|recomendación|recomendacion)\b",
)
_FRENCH = (
    r"comment (?:faire|puis-je|peut-on|pourrais-je|fait-on|faites-vous|est-ce)",
    r"est-ce (?:que|qu['’])",
    r"quelqu['’]un (?:sait|connaît|connait|a|peut|pourrait|aurait|utilise|saurait)\b",
    r"(?:savez|pouvez|pourriez|auriez|avez|connaissez)-vous\b",
    r"(?:j['’]ai |nous avons |ai )?besoin (?:d['’]aide|de conseils?|d['’]un conseil)\b",
    r"(?:des|une) (?:idées?|suggestions?|recommandations?) (?:pour|sur)\b",
    r"je (?:cherche|me demande)\b",
)
_JAPANESE = (
    r"(?:です|ます|ません|でしょう|ましょう)か(?!ら|と思|もしれ|ね)",
    r"教えて(?!(?:いただ|頂|くださ|下さ|くれ|もら)[^。！!\n]{0,6}(?:ありがと|た(?!い|ら)))",
    r"(?:知りたい|ご存[知じ]|存じの方|わかる方|分かる方|詳しい方|どなたか|誰か(?:知|わか|分か|教))",
    r"(?:どうすれば|どうしたら|どうやって|どうやれば)",
    r"(?:困って(?:い|ま)|助けて)",
)


class _Language(NamedTuple):
    hints: tuple[str, ...]
    """Words one of which stands in every request of the language: looked for first, for that is fast."""
    requests: re.Pattern[str]


def _language(hints: str, requests: tuple[str, ...], *, edge: str = r"\b") -> _Language:
    return _Language(tuple(hints.split()), re.compile(edge + "(?:" + "|".join(requests) + ")", re.IGNORECASE))


_LANGUAGES = (
    _language(
        "how any some help advis explain suggest recommend wondering need love like appreciate "
        "looking searching stuck seeking what there where know",
        _ENGLISH,
    ),
    _language("mo alguien pued podr necesito sab alguna", _SPANISH),
    _language("comment est-ce quelqu -vous besoin idée suggestion recommandation cherche demande", _FRENCH),
    _language("か 教えて 知り ご存 存じ る方 しい方 どう 困って 助けて", _JAPANESE, edge=""),
)


def asks(text: str) -> tuple[bool, str]:
    """Whether a text in Slack's markup asks something, and why, in words for a moderator ("" when it does not)."""
    if len(text) > READ_CHARACTERS:
        text = text[: READ_CHARACTERS // 2] + "\n" + text[-READ_CHARACTERS // 2 :]
    said = _said(text)
    if _THANKS.fullmatch(said):
        return False, ""
    marked = _MARK.search(said)
    if marked or "元気" in said:
        said = _GREETING.sub(" ", said)
    if marked and _MARK.search(said):
        return True, "it has a question mark"
    lower = said.lower()
    for language in _LANGUAGES:
        for hint in language.hints:
            if hint in lower:
                found = language.requests.search(said)
                if found:
                    return True, f"it says “{found[0].lower()}”"
                break
    return False, ""


def _said(text: str) -> str:
    """What the author says in their own words."""
    marked = ">" in text or "&gt;" in text or "`" in text or ":" in text
    return _LEFT_OUT.sub(" ", text) if marked else text
