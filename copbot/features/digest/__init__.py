"""What a member did not see, once a week at their own best hour."""

from copbot.core.feature import Feature
from copbot.features.digest.rehearsal import PREVIEW
from copbot.features.digest.service import next_due, nightly, plan_due, prepare

FEATURE = Feature("digest", plan_due=plan_due, next_due=next_due, prepare=prepare, preview=PREVIEW, nightly=nightly)
