"""Exact dynamics of few spins, from the master equation of one disorder sample.

The equation is dp_i/dt = sum_j (p_j k_ji - p_i k_ij) with the rates k_ij of the rule. Nothing is
drawn at random, so that a result has no error but rounding. At low temperatures the rates span many
more orders of magnitude than a double has digits. Everything here is therefore computed by sums,
products and quotients of positive numbers, which lose no digits.
"""
