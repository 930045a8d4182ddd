"""Prompts: what they show, whose variant is taken, and that they can do no harm."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from fakes import FakeClock
from hypothesis import given
from hypothesis import strategies as st

from copbot.adapters.clock import SystemClock
from copbot.adapters.templates import JinjaTemplates, TemplateMistake, languages
from copbot.core.community import Channels, Community
from copbot.core.errors import Mistake
from copbot.core.mrkdwn import Mrkdwn, escape, mention

COMMUNITY = Community("data", "Data & <Friends>", "UTC", Channels(("#data",)), purpose="to learn")


def shown(source: str, language: str | None = None, /, **values: Any) -> str:
    return JinjaTemplates(lambda: {"p.j2": source}).render(COMMUNITY, "p.j2", values, language)


def mistake(source: str, /, **values: Any) -> str:
    with pytest.raises(TemplateMistake) as caught:
        shown(source, **values)
    return str(caught.value)


# --- what is shown ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("{{ text }}", "a &lt;!channel&gt; &amp; b", id="escaped"),
        pytest.param("{{ text | upper }}", "A &lt;!CHANNEL&gt; &amp; B", id="after a filter"),
        pytest.param("{{ text ~ '!' }}", "a &lt;!channel&gt; &amp; b!", id="put together"),
        pytest.param("{{ text + '!' }}", "a &lt;!channel&gt; &amp; b!", id="added"),
        pytest.param("{% set x %}{{ text }}{% endset %}{{ x }}", "a &lt;!channel&gt; &amp; b", id="set, exactly once"),
        pytest.param(
            "{% macro m(t) %}*{{ t }}*{% endmacro %}{{ m(text) }}",
            "*a &lt;!channel&gt; &amp; b*",
            id="macro, exactly once",
        ),
        pytest.param("{{ who }}", "<@U1>", id="a mention by the program"),
        pytest.param(
            "{{ 'Hi ' ~ who ~ ' ' ~ text }}", "Hi <@U1> a &lt;!channel&gt; &amp; b", id="a mention put together"
        ),
        pytest.param("{{ [who, text] | join(', ') }}", "<@U1>, a &lt;!channel&gt; &amp; b", id="joined"),
        pytest.param("{{ [{'n': who}] | join(attribute='n') }}", "<@U1>", id="joined by attribute"),
        pytest.param("{{ who | upper }}", "&lt;@U1&gt;", id="a changed mention is a text"),
        pytest.param("{{ '<!here>' }}", "&lt;!here&gt;", id="a constant in an expression"),
        pytest.param("<https://example.org|site>", "<https://example.org|site>", id="the coordinator's own words"),
        pytest.param("{{ community.name }}", "Data &amp; &lt;Friends&gt;", id="the community"),
        pytest.param("{{ number }} {{ number * 2 }}", "3 6", id="numbers"),
        pytest.param("{{ moment }}", "Thursday, 3 December 2026, 14:05", id="a moment"),
        pytest.param("{{ day }}", "Thursday, 3 December 2026", id="a date"),
        pytest.param("{{ moment.strftime('%Y') }}", "2026", id="a moment's own way"),
        pytest.param("{% for x in range(3) %}{{ loop.index }}{% endfor %}", "123", id="loops"),
        pytest.param("\n\n  Hello  \n", "Hello", id="no space around"),
        pytest.param("{{ text | default('') }}{{ none is none }}", "a &lt;!channel&gt; &amp; bTrue", id="tests"),
    ],
)
def test_values_are_escaped_exactly_once_and_the_programs_own_mrkdwn_is_not(source: str, expected: str) -> None:
    values = {
        "text": "a <!channel> & b",
        "who": mention("U1"),
        "number": 3,
        "moment": datetime(2026, 12, 3, 14, 5),  # noqa: DTZ001 - local wall time
        "day": date(2026, 12, 3),
        "none": None,
    }
    assert shown(source, **values) == expected


SHOWING = [
    "{{ v }}",
    "{{ v ~ '' }}",
    "{{ [v] | join }}",
    "{% set x = v %}{{ x }}",
    "{% set x %}{{ v }}{% endset %}{{ x }}",
    "{% macro m(x) %}{{ x }}{{ caller() }}{% endmacro %}{% call m(v) %}{% endcall %}",
    "{% for x in [v] %}{{ x }}{% endfor %}",
    "{{ {'k': v}.k }}",
    "{% filter trim %}{% endfilter %}{{ v | default('x') }}",
]


@given(text=st.text(st.sampled_from("<>!@&;|#ahere channelUlt\u202e\x00\n*_~`")), source=st.sampled_from(SHOWING))
def test_law_a_persons_text_is_escaped_exactly_once_by_whatever_way_it_is_shown(text: str, source: str) -> None:
    assert shown(source, v=text) == escape(text).strip()


def test_mrkdwn_is_a_string_like_any_other() -> None:
    assert mention("U1") == "<@U1>"
    assert isinstance(mention("U1"), Mrkdwn)


def test_nothing_to_show_is_a_mistake() -> None:
    assert mistake("Hi\n{{ v }}", v=None) == (
        "prompts/p.j2:2: this value is empty here: put {% if … %} around what shows it"
    )


def test_a_number_that_is_none_is_a_mistake() -> None:
    assert mistake("Hi\n{{ v > 1e999 }}", v=1) == "prompts/p.j2:2: a number in it is too large: write a smaller one"


# --- which prompt -------------------------------------------------------------------------------------------------

VARIANTS = {
    "p.j2": "common",
    "p.fr.j2": "commun",
    "data/p.j2": "own",
    "data/p.fr.j2": "propre",
    "q.j2": "common q",
    "q.fr.j2": "commun q",
    "letters/r.j2": "letter",
    "s.j2": "{% include 'p.j2' %}",
}


@pytest.mark.parametrize(
    ("name", "community", "language", "expected"),
    [
        ("p.j2", "data", None, "own"),
        ("p.j2", "data", "fr", "propre"),
        ("p.j2", "data", "fr-FR", "propre"),
        ("p.j2", "data", "fr_CA", "propre"),
        ("p.j2", "data", "de-DE", "own"),
        ("p.j2", "other", "fr", "commun"),
        ("p.j2", "other", None, "common"),
        ("q.j2", "data", "fr", "commun q"),
        ("letters/r.j2", "data", None, "letter"),
        ("s.j2", "data", "fr", "propre"),
    ],
)
def test_the_communitys_own_goes_first_and_the_readers_language(
    name: str, community: str, language: str | None, expected: str
) -> None:
    templates = JinjaTemplates(lambda: VARIANTS)
    assert templates.render(Community(community, "C", "UTC", Channels(())), name, {}, language) == expected


def test_without_a_reader_the_communitys_language_holds() -> None:
    templates = JinjaTemplates(lambda: VARIANTS)
    french = Community("other", "C", "UTC", Channels(()), language="fr")
    assert templates.render(french, "p.j2", {}) == "commun"
    assert languages(VARIANTS, "other", "p.j2") == ["fr"]


@pytest.mark.parametrize(
    ("speaks", "gets"),
    [("fr-FR", "français"), ("de-DE", "français"), (None, "français"), ("en-GB", "English"), ("es-LA", "español")],
)
def test_in_a_french_community_who_reads_neither_gets_french_and_who_reads_english_english(
    speaks: str | None, gets: str
) -> None:
    prompts = {"p.j2": "English", "p.fr.j2": "français", "p.es.j2": "español"}
    french = Community("other", "C", "UTC", Channels(()), language="fr")
    assert JinjaTemplates(lambda: prompts).render(french, "p.j2", {}, speaks) == gets


def test_the_one_prompt_of_a_community_is_for_everybody() -> None:
    french = Community("other", "C", "UTC", Channels(()), language="fr")
    for speaks in ("en-GB", "de-DE", "fr-FR", None):
        assert JinjaTemplates(lambda: {"p.j2": "français"}).render(french, "p.j2", {}, speaks) == "français"


def test_a_changed_prompt_is_taken_up_at_once() -> None:
    standing = {"texts": {"p.j2": "before"}}
    templates = JinjaTemplates(lambda: standing["texts"])
    assert templates.render(COMMUNITY, "p.j2", {}) == "before"
    version = templates.version(COMMUNITY, "p.j2")
    standing["texts"] = {"p.j2": "after"}
    assert templates.render(COMMUNITY, "p.j2", {}) == "after"
    assert templates.version(COMMUNITY, "p.j2") != version
    assert len(version) == 12


@pytest.mark.parametrize("name", ["no.j2", "../p.j2", "/p.j2", "x/../../p.j2", "..\\p.j2", ""])
def test_a_prompt_that_is_not_there_or_leads_out_is_told(name: str) -> None:
    templates = JinjaTemplates(lambda: {"p.j2": "x", "../p.j2": "secret"}, label="/somewhere/prompts")
    with pytest.raises(Mistake, match="there is no such prompt: write it, or correct its name"):
        templates.render(COMMUNITY, name, {})
    with pytest.raises(Mistake):
        templates.version(COMMUNITY, name)


def test_a_text_given_in_a_schedule_is_a_template_too() -> None:
    templates = JinjaTemplates(dict)
    assert templates.render_text(COMMUNITY, "Hi {{ v }}", {"v": "<x>"}) == "Hi &lt;x&gt;"
    with pytest.raises(Mistake, match=r"^text:2: 'w' is undefined: this prompt sees community, v$"):
        templates.render_text(COMMUNITY, "Hi\n{{ w }}", {"v": 1})


# --- mistakes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("a\nb {{ nobody }}", "prompts/p.j2:2: 'nobody' is undefined: this prompt sees community, v"),
        ("{{ v.missing }}", "prompts/p.j2:1: 'int object' has no attribute 'missing'"),
        ("a\n{% if %}", "prompts/p.j2:2: Expected an expression, got 'end of statement block'"),
        ("{{ v | nofilter }}", "prompts/p.j2:1: No filter named 'nofilter'."),
        ("\n{{ v / 0 }}", "prompts/p.j2:2: division by zero"),
        ("{{ v + 'x' }}", "prompts/p.j2:1: + works with numbers up to a million here: a prompt may not do that"),
        ("{% include 'gone.j2' %}", "prompts/p.j2:1: there is no prompt gone.j2: write it, or correct the name"),
        ("{% include '../p.j2' %}", "prompts/p.j2:1: there is no prompt ../p.j2: write it, or correct the name"),
        (
            "{% autoescape false %}{{ v }}{% endautoescape %}",
            "prompts/p.j2:1: {% autoescape %} is not used here: values are escaped for Slack already",
        ),
    ],
)
def test_a_mistake_names_the_file_and_the_line(source: str, told: str) -> None:
    assert mistake(source, v=1) == told


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ v.__init__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ v | attr('__class__') }}",
        "{{ v | safe }}",
        "{{ v | tojson }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ '{:>9999999999}'.format(1) }}",
        "{{ 'x'.ljust(9999999999) }}",
        "{{ 'x'.center(9999999999) }}",
        "{{ 'x' | center(9999999999) }}",
        "{{ items.append(1) }}",
        "{{ lipsum() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ community.__class__ }}",
    ],
)
def test_a_prompt_can_do_no_harm(source: str) -> None:
    assert mistake(source, v="x", items=[]).startswith("prompts/p.j2:1: ")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("{% for x in range(10**9) %}{% endfor %}", id="a power"),
        pytest.param("{% for x in range(1000000000) %}{% endfor %}", id="a long range"),
        pytest.param("{% for x in 'x' * 1000000000 %}{% endfor %}", id="a long text"),
        pytest.param(
            "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}"
            "{% endfor %}{% endfor %}{% endfor %}",
            id="nested loops that say nothing",
        ),
        pytest.param(
            "{% for a in range(999) %}{% for b in range(999) %}x{% endfor %}{% endfor %}", id="loops that say much"
        ),
        pytest.param("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", id="a macro that calls itself"),
        pytest.param("{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}", id="and twice"),
        pytest.param("{% include 'p.j2' %}", id="a prompt that includes itself"),
        pytest.param(
            "{% set n = namespace(s='xx') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
            id="doubling a text",
        ),
        pytest.param(
            "{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = n.s + n.s %}{% endfor %}",
            id="doubling a list",
        ),
        pytest.param(
            "{% set n = namespace(s=9) %}{% for i in range(60) %}{% set n.s = n.s * n.s %}{% endfor %}",
            id="squaring a number",
        ),
        pytest.param("{{ range(999) | join('x' * 1) | length }}{{ range(9999) | list }}", id="a list"),
    ],
)
def test_what_is_endless_or_grows_without_end_is_stopped_within_about_a_second(source: str) -> None:
    clock = SystemClock()
    before = clock.monotonic()
    assert mistake(source).startswith("prompts/p.j2:")
    assert clock.monotonic() - before < 3


def test_the_time_limit_is_measured_by_the_clock_and_leaves_tracing_as_it_was() -> None:
    class Hurried(FakeClock):
        def monotonic(self) -> float:
            self.tick(0.3)
            return super().monotonic()

    templates = JinjaTemplates(lambda: {"p.j2": "{% for x in range(9) %}x{% endfor %}"}, clock=Hurried())
    with pytest.raises(Mistake, match="takes too long: does a loop in it end"):
        templates.render(COMMUNITY, "p.j2", {})
    assert shown("fine") == "fine"


@given(source=st.text(st.sampled_from("{}%# \nifvforendseti'|~.()[]0=x"), max_size=40))
def test_any_source_is_shown_or_told(source: str) -> None:
    with suppress(TemplateMistake):
        assert isinstance(shown(source, v="x"), str)
