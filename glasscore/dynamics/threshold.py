"""The threshold energy below which states are traps: a given number, or typical of the model.

- On the hypercube a state at the typical threshold has one lower neighbour on average. States above
  it have more lower neighbours; states below it have fewer and mostly none, so that they are traps.
  For independent energies with the distribution function F the threshold obeys N F(E) = 1, hence
  E = -T_c ln N for exponential energies. For correlated Gaussian energies F is the conditional
  distribution of a neighbour's energy, given that the state has the energy E. The stronger the
  correlation, the more local minima lie above this threshold (at N = 10 half of them for alpha =
  0.5, and four of five for alpha = 0.2), so that a number chosen by hand is a better threshold for
  strong correlations. In spin glasses of many spins the energies of neighbours differ by a few of
  many terms, and typical states have several lower neighbours down to the lowest energies:
  there is no typical threshold.
- On the complete graph with exponential energies and Metropolis's rule (the step model), moves up
  and down are equally likely at E* = T_c ln(2 - x) / (x - 1), x = T_c / T, for T_c/2 < T < T_c.
  This is the effective threshold of activation by entropy. For T <= T_c/2 a move down is more
  likely than a move up from every state. For T >= T_c moves up and down balance at some energy,
  too, but the states below it do not make the system age. In the trap model, with Arrhenius rates,
  every state is a trap by itself.

Source: M. R. Carbone, M. Baity-Jesi, Phys. Rev. E 106, 024603 (2022); C. Cammarota, E. Marinari,
Phys. Rev. E 92, 010301 (2015). Derivation of E* from the rates of the step model: balance of the
exit rates u (down) and (u - u^x) / (x - 1) (up) at u = e^E.
"""

import math
from importlib import import_module
from typing import Any

from glasscore.common.errors import CampaignError
from glasscore.landscapes.sample import options

TYPICAL = "typical"


def threshold_of_job(parameters: dict[str, Any]) -> float:
    """The threshold of a job of the dynamics.

    Raises
    ------
    CampaignError
        If the typical threshold is asked for and the model has none.
    """
    given = parameters["threshold"]
    if given != TYPICAL:
        return float(given)
    model, rule, N, T = (parameters[key] for key in ("landscape", "rule", "N", "T"))
    found = typical_threshold(model, rule, N, T)
    if isinstance(found, str):
        raise CampaignError(f"threshold = {TYPICAL}, but must be a number: {found}.")
    return found


def typical_threshold(model: dict[str, Any], rule: Any, N: float, T: float) -> float | str:
    """The typical threshold of a model, or the end of a sentence that says why there is none.

    Parameters
    ----------
    model
        ``landscape:`` of the config.
    rule, N, T
        ``rule:`` of the config, number of spins (or log2 of the number of states) and temperature.

    Returns
    -------
    float or str
        An energy in units of J.
    """
    energies = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    if model["graph"] == "hypercube":
        threshold = getattr(energies, "threshold", None)
        if threshold is None:
            return f"no formula is known for {model['energies']} energies"
        found = threshold(N, options(model))
        if found is None:
            return (
                f"at N = {N:g} states of such {model['energies']} energies have lower neighbours "
                "down to the deepest"
            )
        return float(found)
    if rule == "arrhenius":
        return "in the trap model every state is a trap by itself, as no_jump tells"
    if model["energies"] != "exponential":
        return f"no formula is known for {model['energies']} energies on the complete graph"
    critical = energies.critical_temperature(options(model))
    if rule == "metropolis" and critical / 2 < T < critical:
        ratio = critical / T
        return critical * math.log(2.0 - ratio) / (ratio - 1.0)
    return f"the step model has one only for metropolis and {critical / 2:g} < T < {critical:g}"
