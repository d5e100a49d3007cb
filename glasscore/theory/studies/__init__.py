"""What the stage ``theory`` can solve: one file each, its name the word for it in the config.

A file has ``OPTIONS``, the keys of its studies (JSON schemas, plain literals); ``solve``, which
makes the dataset of one study from them; and, where keys depend on each other, ``refusal``.
"""
