"""Exact dynamics of few spins, from the master equation of one disorder sample.

dp_i/dt = sum_j (p_j k_ji - p_i k_ij) with the rates k_ij of the rule: nothing is drawn, so that a
result has no error but rounding. At low temperatures rates span many more orders of magnitude than
a double has digits; all that is computed here is made of sums, products and quotients of positive
numbers, which keep their digits.
"""
