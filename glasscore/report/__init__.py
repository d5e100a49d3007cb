"""The report: one page with a campaign's figures, numbers, checks, provenance and cost.

It opens in any browser without a network, and contains no scripts. Except for the section on cost,
the same result files always give the same bytes.
"""
