"""Figures: one file each, drawn from the curves it computes.

A module here has the constants ``NEEDS`` (the stage whose results it reads; or several, of which
the campaign must have the first and those that it has of the others are laid over), ``RECORDERS``
or ``OBSERVABLES`` (all that a study must have recorded or observed to be shown), ``ANY_RECORDER``
(one of which it must have recorded) and, where it is about some models only, ``ONLY`` (for instance
``{"energies": ["gaussian"]}``, matched against ``landscape:`` or ``model:`` of the config). Studies
that lack what a figure needs are left out of it, and the report says so. ``curves(results)`` takes
lists of datasets by the title of their study, one such mapping for each stage of ``NEEDS``, and
returns a list of :class:`~glasscore.figures.curves.Curve`; ``draw(curves)`` returns a matplotlib
figure. A new file is a new word for ``figures:`` in the config.
"""
