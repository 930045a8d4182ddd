"""Whether a message says that something was used or helped."""

import pytest

from copbot.core.worth import tells_of_worth


@pytest.mark.parametrize(
    "text",
    [
        "This helped me a lot, thank you!",
        "Your script saved us two days of work",
        "We used your template for the census report",
        "I've now adopted this approach, and it cut our work in half",
        "That was really helpful for my team",
        "Thanks to your advice we finally published the register",
        "It worked perfectly",
        "That is exactly what I needed",
        "That helped!",
        "This really helped, thanks",
        "Thanks, that solved it",
        "That fixed it thank you",
        "Your answer helped.",
        "We are now using your checklist",
        "I tried your approach and it worked!",
        "ça m'a beaucoup aidé, merci",
        "Grâce à vous nous avons fini",
        "Hemos adaptado tu plantilla",
        "Nos ha ayudado mucho",
        "It did not work at first. Then your guide saved me hours.",
    ],
)
def test_who_says_that_something_helped_is_heard(text: str) -> None:
    assert tells_of_worth(text)


@pytest.mark.parametrize(
    "text",
    [
        "thanks!",
        "I hope this helped you",
        "I hope it saved us time",
        "Did that help? Tell me if it helped.",
        "Glad it helped!",
        "I am using this with Xcode",
        "I tried your approach and nothing worked",
        "It did not help me",
        "this never worked for us",
        "this would have saved us time",
        "I wonder if it saved us hours",
        "Has it saved us time?",
        "How do I use this?",
        "We used to meet on Fridays",
        "I used the wrong file",
        "Esto no me ayudó mucho",
        "&gt; this helped me a lot\nwho wrote this",
        "`this helped me a lot`",
        "",
    ],
)
def test_who_denies_wishes_asks_or_quotes_it_is_not(text: str) -> None:
    assert tells_of_worth(text) == ""
