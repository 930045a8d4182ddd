"""What all tests share."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

# Two slow cores are no defect: what is tested is what comes out, not how long the draw took.
settings.register_profile("copbot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("copbot")
