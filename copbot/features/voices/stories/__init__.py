"""Value stories: what something that helped has changed, told in private, shared only with consent."""
