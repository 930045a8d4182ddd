"""The best hour to post, learned from who wrote when: evidence, estimate, what was learned, and how it is shown."""
