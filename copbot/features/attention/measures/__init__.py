"""Whether the budget of attention is kept, and how what is sent is taken."""
