"""What counts as a question, in four languages, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.asks import READ_CHARACTERS, asks

ASKING = [
    "Which register did you link last?",
    "Does it work？",
    "هل يعمل هذا؟",
    "Τι κάνεις\u037e",
    "Hi all, how are you? How do I link two registers?",
    "how do I set the time zone",
    "Has anyone tried splink on census data",
    "anyone know a good course",
    "Any ideas on how to clean addresses",
    "I'm looking for advice on sampling",
    "please help, the import fails",
    "I was wondering if we could share code",
    "I’m stuck with the import",
    "Is there a way to see old threads",
    "リンクの方法を教えてください",
    "これは使えますか",
    "どうすればいいか分かりません",
    "教えていただけませんか",
    "教えていただけたら嬉しいです",
    "¿Alguien usa R para esto?",
    "alguien sabe cómo unir dos tablas",
    "necesito ayuda con el censo",
    "Quelqu'un a déjà essayé ce logiciel",
    "comment faire pour relier deux fichiers",
    "est-ce que cela marche",
    "Thanks! Where can I find the slides?",
    "see <https://example.org/?q=1|the page>: does it load?",
]

SAYING = [
    "",
    "Thanks!",
    "Thank you all for the help",
    "Hello everyone, happy to be here",
    "Hi, how are you?",
    "How's it going?",
    "What's up?",
    "¿Qué tal?",
    "Ça va ?",
    "お元気ですか？",
    "教えていただきありがとうございます",
    "先日教えてもらった本を読みました",
    "そうですから、大丈夫です",
    "Let's meet at noon; bring cake",
    "see <https://example.org/?q=1|why?>",
    "see https://example.org/search?q=1",
    "`a ? b : c` compiles",
    "```\nwhy?\nhow do I\n```\nthat was the output",
    "&gt; does anyone know?\nyes, it is done",
    ":question: :thinking_face:",
    "The report is out.",
    "We now know how the registers fit",
]


@pytest.mark.parametrize("text", ASKING)
def test_a_question_or_a_request_in_words_asks(text: str) -> None:
    asking, why = asks(text)
    assert asking
    assert why.startswith("it ")


@pytest.mark.parametrize("text", SAYING)
def test_thanks_greetings_code_links_and_quotes_ask_nothing(text: str) -> None:
    assert asks(text) == (False, "")


def test_the_reason_names_the_words_that_decided() -> None:
    assert asks("Has anyone tried this") == (True, "it says “has anyone”")
    assert asks("Really?") == (True, "it has a question mark")


def test_the_question_at_the_end_of_a_very_long_message_is_seen() -> None:
    assert asks("x " * READ_CHARACTERS + "does anyone agree?")[0]


@given(st.text())
def test_any_text_at_all_gets_a_decision_with_a_reason_exactly_when_it_asks(text: str) -> None:
    asking, why = asks(text)
    assert asking == bool(why)
