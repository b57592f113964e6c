"""The whole office at a glance: findings, to-do, and the numbers of the home page."""
