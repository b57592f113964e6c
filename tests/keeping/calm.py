"""How random inputs are tried here: they go through files, and how long one takes says nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

CALM = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    max_examples=40,
)
