"""What authors say in their own words: without code, links, quotations, struck-out text and emoji."""

import re

READ_CHARACTERS = 6000
"""A question stands near the beginning or the end: of a longer text the first and the last half of this are read."""

_LEFT_OUT = re.compile(
    r"(?s:```.*?(?:```|\Z))"  # a block of code
    r"|`[^`\n]*`"
    r"|<[^>\n]*>"  # links, mentions and channels as Slack writes them; a link's title is not the author's question
    r"|https?://[!-~]+"
    r"|\b[\w-]+(?:\.[\w-]+)*/[!->@-~]*\?[\w%&=][!-~]*"  # an address without http: its ? asks nothing
    r"|^(?:&gt;|>)[^\n]*"  # quoted lines
    r"|(?<![\w~])~[^~\n]+~(?![\w~])"  # struck out: taken back
    r"|:[a-z0-9_+'-]+:",  # emoji
    re.MULTILINE,
)
_MARK_AS_EMOJI = re.compile(r"(?<=\w) ?(?::(?:grey_)?question:|:interrobang:|[❓❔])")

_SAID_BY_OTHERS = re.compile(  # a quotation that holds a question; "does it?" asks nothing here
    r"「[^」\n]{0,200}」|『[^』\n]{0,200}』|“[^”\n]{0,200}”|«[^»\n]{0,200}»|„[^“”\n]{0,200}[“”]"
    r'|(?<![\w"])"[^"\n]{0,200}"(?![\w"])'
)
_ANSWERED_BELOW = re.compile(r"^\W*q\d*\s*[:：.][^\n]*?(?=\s+\W*a\d*\s*[:：.])", re.MULTILINE)


def own_words(text: str) -> str:
    """What is left of a message in Slack's markup when everything that is not its author's own saying is gone."""
    if len(text) > READ_CHARACTERS:
        text = text[: READ_CHARACTERS // 2] + "\n" + text[-READ_CHARACTERS // 2 :]
    if (":" in text and ("question:" in text or "interrobang:" in text)) or "❓" in text or "❔" in text:
        text = _MARK_AS_EMOJI.sub("?", text)
    if ">" in text or "&gt;" in text or "`" in text or ":" in text or "~" in text or "/" in text:
        text = _LEFT_OUT.sub(" ", text)
    return text


def without_quotations(said: str) -> str:
    """The same, in lower case, without what others said and without the questions of a list of questions and answers."""
    if "q" in said:
        said = _ANSWERED_BELOW.sub(" ", said)
    return _SAID_BY_OTHERS.sub("…", said)
