"""Figures: one file each, drawn from the curves it computes.

A module here has the constants ``NEEDS`` (the stage whose results it reads), ``RECORDERS`` (what
its studies must have recorded, if anything) and, where it is about some studies only, ``ONLY``
(for instance ``{"energies": ["gaussian"]}``, matched against ``landscape:`` of the config);
``curves(results)``, which takes lists of datasets by the title of their study and returns a list of
:class:`~glasscore.figures.curves.Curve`; and ``draw(curves)``, which returns a matplotlib figure. A
new file is a new word for ``figures:`` in the config.
"""
