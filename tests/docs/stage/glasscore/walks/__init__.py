"""Random walks: how far walkers come that go a step to the left or to the right at random."""
