"""Traps along trajectories: averages over disorder samples of what the recorders wrote."""
