"""Errors that a user can act on."""


class CampaignError(Exception):
    """A request that cannot be met; its one sentence is shown without a traceback."""
