"""Two-time self-consistent (dynamical mean-field) solvers, one model a file."""
