"""What counts as a question, in six languages and every script, and what only looks like one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.asking.english import ENGLISH
from copbot.core.asking.french import FRENCH
from copbot.core.asking.german import GERMAN
from copbot.core.asking.japanese import JAPANESE
from copbot.core.asking.language import Language
from copbot.core.asking.own_words import READ_CHARACTERS
from copbot.core.asking.portuguese import PORTUGUESE
from copbot.core.asking.spanish import SPANISH
from copbot.core.asks import asks

ASKING = {
    "English": [
        "Which register did you link last?",
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
        "Thanks! Where can I find the slides?",
        "would love your feedback on this first sketch",
        "could you take a look at the draft",
        "May I know how to get the inspector in the new version",
        "hello everyone, what is the difference between the two code lists",
        "is splink compatible with spark",
        "The container id is always the host's name, right?",
        "I keep getting an error when I run the import",
        "I don't understand what's failing or what I can do about it",
        "anyone else going to this tomorrow?",
        "Why not?",
        "Hi, can I request a little feature? It's just an icon",
        "How do you remove a column? There is no such option",
        "Who knows the census codes?",
        "Who is in charge of the register?",
        "Have you seen this error before? See the log",
        "If there is a problem with the import, who do I ask?",
        "How great is the difference between the two?",
        "Would it be possible to get access to the wiki",
        "Any news on the release",
        "Help needed: the import crashes",
        "Help!",
        "I have a question about weighting",
        "What tool do you use for addresses",
        "Are there any examples",
        "Do we have a style guide",
        "I keep getting a timeout",
    ],
    "Japanese": [
        "リンクの方法を教えてください",
        "これは使えますか",
        "どうすればいいか分かりません",
        "教えていただけませんか",
        "教えていただけたら嬉しいです",
        "次回は来週でしたっけ",
        "お手すきの際にご確認いただけますと幸いです",
        "レビューお願いします",
        "使ったことのある方の感想を聞きたいです",
        "これって指定できるのかな？",
        "次回は木曜でいかがでしょうか",
        "解決方法がわかりません",
        "何かお勧めがあれば教えてください",
        "これについてはどうでしょうか",
        "動きますか？ところで次回は木曜です",
        "（これは使えますか？）以前は使えました",
    ],
    "Spanish": [
        "¿Alguien usa R para esto?",
        "alguien sabe cómo unir dos tablas",
        "necesito ayuda con el censo",
        "Hola a todos, ¿cómo se hace el enlace de registros",
        "no logro importar el archivo, me pueden orientar",
        "Qué herramienta recomiendan, que opinan",
        "¿Qué tal? Busco ejemplos de cuestionarios",
        "¿Por qué no funciona?",
        "¿Quién sabe usar este programa?",
        "Hola, necesito ayuda con Learn to Map",
    ],
    "French": [
        "Quelqu'un a déjà essayé ce logiciel",
        "comment faire pour relier deux fichiers",
        "est-ce que cela marche",
        "Bonjour, savez-vous où trouver la nomenclature",
        "je n’arrive pas à importer le fichier",
        "Bonjour à tous, pourquoi faut-il deux clés",
        "Auriez-vous un conseil pour un petit échantillon",
        "Ça va marcher demain ?",
        "Bonjour, quelqu'un sait comment utiliser Learn to Map",
        "Qui sait comment relier deux fichiers ?",
    ],
    "Portuguese": [
        "Alguém sabe como ligar duas tabelas",
        "como faço para importar o ficheiro",
        "preciso de ajuda com o censo",
        "Bom dia pessoal, qual é a melhor ferramenta",
        "vocês podem me ajudar com isto",
        "não consigo abrir o arquivo",
        "gostaria de saber se existe alguma forma de o fazer",
        "Tudo bem? Estou com dúvida sobre os pesos",
        "Por que não funciona?",
        "Como vai funcionar?",
    ],
    "German": [
        "Weiß jemand, wie man zwei Register verknüpft",
        "Hallo zusammen, wie kann ich die Daten importieren",
        "Hat jemand Erfahrung mit kleinen Stichproben",
        "ich brauche Hilfe beim Zensus",
        "Gibt es eine Möglichkeit, alte Threads zu sehen",
        "Könnt ihr mir bitte sagen, wo die Folien sind",
        "Moin! Ich suche ein Beispiel für einen Fragebogen",
        "Was haltet ihr davon, die Listen zusammenzulegen",
        "Wer weiß, wie das geht?",
        "Alles klar mit dem Import?",
    ],
    "any script": [
        "Does it work？",
        "هل يعمل هذا؟",
        "آیا این کار می‌کند؟",
        "Τι κάνεις\u037e",
        "Πώς συνδέω δύο αρχεία;",
        "Ինչպե՞ս միացնել",
        "ይህ ይሠራል፧",
        "这个怎么用？",
        "이거 어떻게 하나요?",
        "क्या यह काम करता है?",
        "кто-нибудь пробовал?",
        "is it on:question:",
        "?",
    ],
}

SAYING = {
    "thanks and greetings": [
        "",
        "Thanks!",
        "Thank you all for the help",
        "Thanks, right?",
        "Hello everyone, happy to be here",
        "Hi, how are you?",
        "How's it going?",
        "What's up?",
        "¿Qué tal?",
        "Ça va ?",
        "Tudo bem?",
        "Na, alles klar?",
        "Wie geht's euch?",
        "お元気ですか？",
        "Really?",
        "教えていただきありがとうございます",
        "先日教えてもらった本を読みました",
    ],
    "statements": [
        "そうですから、大丈夫です",
        "Let's meet at noon; bring cake",
        "No help needed, it is done",
        "The report is out.",
        "We now know how the registers fit",
        "Sorry, I can't make it tonight",
        "理由はわかりませんが、これで直ります",
        "Ich weiß, dass es geht",
        "Je sais que cela marche",
        "Sé que funciona",
        "Eu sei que funciona",
    ],
    "code, links and what others said": [
        "see <https://example.org/?q=1|why?>",
        "see https://example.org/search?q=1",
        "it is at example.org/search?q=1",
        "`a ? b : c` compiles",
        "```\nwhy?\nhow do I\n```\nthat was the output",
        "&gt; does anyone know?\nyes, it is done",
        "My boss said “do we need this?” and left",
        "「これは何ですか？」と聞かれました",
        "~can I have the rights?~ they came",
        "Q: where is the data?\nA: in the folder",
        ":question: :thinking_face:",
    ],
    "jokes and rhetorical questions": [
        "can this interface track where all the Pokemons are? Asking for a friend",
        "Who knows?",
        "How cool is that?",
        "Did you know? There is a wiki now",
        "A wordpress plugin? That's something that is not related",
        "there is money for “engagement” (say what?)",
    ],
    "invitations and courtesies": [
        "Who wants to join the call?",
        "Who's in?",
        "want to give a lightning talk? reply here!",
        "does your company like maps? encourage them to sponsor the meetup!",
        "Let me know if you have any questions",
        "Feel free to ask if you need help",
        "気になる点などあったら教えてください",
        "N’hésitez pas si vous avez des questions",
        "Qui veut participer ?",
        "Wer kommt mit?",
        "Bei Fragen meldet euch gern",
        "Si tienen dudas, escríbanme",
        "Se tiverem dúvidas, fiquem à vontade",
    ],
    "said to oneself": [
        "先に一をやるべきでは？という気持ちになった",
        "もうサポートしなくても良くないか?と思って送ったら断られた",
        "別の方法でも同じなのではないでしょうか",
        "実装は難しいんじゃないですかね？",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in ASKING.items() for text in texts])
def test_a_question_or_a_request_in_words_asks(language: str, text: str) -> None:
    asking, why = asks(text)
    assert asking
    assert why.startswith("it ")


@pytest.mark.parametrize(("kind", "text"), [(name, text) for name, texts in SAYING.items() for text in texts])
def test_what_waits_for_no_answer_asks_nothing(kind: str, text: str) -> None:
    assert asks(text) == (False, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Has anyone tried this", "it says “has anyone”"),
        ("It is the second, no idea", ""),
        ("The second one? :pray:", "it ends with a question mark"),
        ("The second one? I took the first.", "it has a question mark"),
        ("Hi! How do I link them?", "it ends with a question mark; it says “how do i”"),
    ],
)
def test_the_reason_names_what_decided(text: str, why: str) -> None:
    assert asks(text) == (bool(why), why)


def test_every_script_s_question_mark_asks() -> None:
    """As Unicode names them, ornaments and signs with a mark in them left out. ¿ opens a question and asks with the word after it."""
    assert asks("¿Cuándo empieza")[0]
    left_out = (
        "ORNAMENT",
        "SQUARE",
        "EQUAL",
        "BOX",
        "LESS-THAN",
        "GREATER-THAN",
        "TAG ",
        "COMBINING",
        "ACUTE",
        "GRAVE",
    )
    marks = [
        character
        for code in range(0x20, 0x20000)
        for character in [chr(code)]
        if "QUESTION MARK" in (name := unicodedata.name(character, "")) and not any(word in name for word in left_out)
    ]
    assert len(marks) >= 18
    assert [mark for mark in marks if not asks(f"word{mark}")[0]] == ["¿"]


def test_the_question_at_the_end_of_a_very_long_message_is_seen() -> None:
    assert asks("x " * READ_CHARACTERS + "does anyone agree?")[0]


@given(st.text())
def test_any_text_at_all_gets_a_decision_with_a_reason_exactly_when_it_asks(text: str) -> None:
    asking, why = asks(text)
    assert asking == bool(why)


@given(
    st.sampled_from([text for texts in ASKING.values() for text in texts if text != "?"]),
    st.sampled_from(["`?`", "<https://example.org/?a=b>", "&gt; why?"]),
)
def test_code_a_link_or_a_quotation_beside_a_question_changes_no_decision(text: str, beside: str) -> None:
    assert asks(f"{text}\n{beside}")[0]


@pytest.mark.parametrize("language", [ENGLISH, FRENCH, GERMAN, JAPANESE, PORTUGUESE, SPANISH])
def test_the_words_looked_for_first_stand_in_every_request(language: Language) -> None:
    said = [text.lower().replace("’", "'") for texts in ASKING.values() for text in texts]
    asking = [text for text in said if language.requests.search(text)]
    assert asking
    assert [text for text in asking if not any(hint in text for hint in language.hints)] == []
