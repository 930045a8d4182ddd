"""Questions that members suggest, and moderators let into the rotation."""
