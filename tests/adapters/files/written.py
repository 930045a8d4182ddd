"""A small community as its coordinators would write it, for tests that change one thing in it."""

COMMUNITY = """\
community:
  id: data
  name: Data People
  timezone: Asia/Bangkok
channels:
  discussion: ["#data"]
  moderators: "#mods"
roles:
  coordinators: [jess@example.org]
"""

POSTS = """\
posts:
  - id: weekly
    channel: "#data"
    when: {every: week, at: "10:00", on: [wed]}
    prompt: ask.j2
    questions: [What is new?]
"""

ONBOARDING = """\
onboarding:
  welcome: welcome.j2
  questions:
    - {id: goal, ask: "What for?", type: long_text, share: true}
    - {id: topics, ask: "Which?", type: choices, options: [A, B]}
  follow_ups:
    - {after: 3d, if: open, prompt: welcome.j2}
    - {after: 7d, if: silent, tell: moderators}
"""

ASK = "*{{ question }}*\n"
WELCOME = "Hello {{ member.name }}!\n"


def written(**changed: str) -> dict[str, str]:
    """The texts by place; ``community``, ``posts``, ``onboarding``, ``ask`` and ``welcome`` may be changed."""
    return {
        "schedules/community.yaml": changed.get("community", COMMUNITY),
        "schedules/posts.yaml": changed.get("posts", POSTS),
        "schedules/onboarding.yaml": changed.get("onboarding", ONBOARDING),
        "prompts/ask.j2": changed.get("ask", ASK),
        "prompts/welcome.j2": changed.get("welcome", WELCOME),
    }
