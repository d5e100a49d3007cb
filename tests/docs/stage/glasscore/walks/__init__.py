"""Random walks: how far walkers get whose steps go to the left or to the right at random."""
