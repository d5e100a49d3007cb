"""Figures: one file each, drawn from the curves it computes.

A module here has the constants ``NEEDS`` (the stage whose results it reads; or several, of which
the campaign must have the first and those that it has of the others are laid over), ``RECORDERS``
(what its studies must have recorded, if anything) and, where it is about some studies only,
``ONLY`` (for instance ``{"energies": ["gaussian"]}``, matched against ``landscape:`` or ``model:``
of the config). ``curves(results)`` takes lists of datasets by the title of their study, one such
mapping for each stage of ``NEEDS``, and returns a list of :class:`~glasscore.figures.curves.Curve`;
``draw(curves)`` returns a matplotlib figure. A new file is a new word for ``figures:`` in the
config.
"""
