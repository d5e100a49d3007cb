"""What the exact dynamics is asked: one file an observable, a new file a new word in the config.

A module here has ``of_sample(sample, parameters)``, the numbers of one ``Sample`` of
``glasscore.master.sample``, by name; ``variables(rows, parameters)``, what is written of the
numbers of all samples; the constant ``LARGEST_N``; and ``PARAMETERS``, the keys of a study that
only this observable needs, if there are any.
"""
