"""The report: one page that holds a campaign's figures, numbers, checks, provenance and cost.

It opens in any browser without a network, and needs no script. All of it but the section on cost
follows from the result files, to the byte.
"""
