"""How moderators share the load."""

from copbot.core.load import Load, counted


def test_everybody_who_moderates_is_counted_and_who_did_most_stands_first() -> None:
    answered = [("UANA", 5), ("UANA", 1), ("UANA", 9), ("UBEN", 4), ("UBEN", 2), ("UMEMBER", 1)]
    assert counted({"UANA", "UBEN", "UIDLE"}, ["UBEN", "UANA", "ULEFT"], answered) == (
        Load("UANA", 1, 3, 5),
        Load("UBEN", 1, 2, 2),
        Load("ULEFT", 1, 0),
        Load("UIDLE", 0, 0),
    )


def test_where_nobody_moderates_there_is_nothing_to_share() -> None:
    assert counted((), (), [("U1", 3)]) == ()
