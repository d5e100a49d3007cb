"""Responses to a small field, measured along trajectories without the field.

A field h changes the energies of the states to E - h B from the waiting time t_w on. The weight of
a trajectory then changes by the factor 1 + h S to first order, with the score

    S(t_w, t) = sum over jumps of g - int_{t_w}^t sum_j w_j g_j dt',    g = d ln w / dh,

whose sum has the rates w_j of all moves at the time t'. The integrated response of an observable A
is chi(t, t_w) = <A(t) S(t_w, t)>, exact at any distance from equilibrium (derivation). Each file
here holds what follows from it for one kind of states, and registers the verbs in ``interface``.

Sources: C. Chatelain, J. Phys. A 36, 10739 (2003), and F. Ricci-Tersenghi, Phys. Rev. E 68, 065104
(2003), for responses of spins without a field.
"""
