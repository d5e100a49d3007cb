"""A quench solved to a stated accuracy: refined until its error estimate meets a tolerance."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from glasscore.common.errors import CampaignError
from glasscore.dmft import short_times
from glasscore.dmft.equations.spherical_spins import SphericalSpins
from glasscore.dmft.protocol import Protocol, Ramp
from glasscore.dmft.refusal import LONGEST_RUN, ROUNDING
from glasscore.dmft.short_times import ShortTimes
from glasscore.dmft.two_time.accuracy import (
    LARGEST_STEP,
    WIDER,
    ControlledMarch,
    MissedError,
    Resolution,
)
from glasscore.dmft.two_time.solution import Solution
from glasscore.files.restart_file import RestartFile
from glasscore.models.covariance import Covariance
from glasscore.theory.spherical_pspin import static_transition

SMALLEST_STEP = LARGEST_STEP / 32
# error of the energy of a quench to T = 0 at the largest step, measured; it sets the first guess
ERROR_AT_LARGEST_STEP = 4e-6
SPACING, SPACING_OF_SHORT_RUNS, SMALLEST_SPACING = 0.15, 0.2, 0.06
# the end of what counts as a short run, in units of 1 / sqrt(f''(1))
SHORT_RUN = 2e4
# the shortest t - t' and t' resolved for a tolerance of 1e-6 or more
SHORTEST = 1.7e-3
EARLIEST_DOUBLING = 10.0
SMALLEST_TOLERANCE = 1e-10
# what a ramp is resolved by at first, and how long after its end the steps may double
ROWS_OF_A_RAMP, COLUMNS_OF_A_RAMP, AFTER_A_RAMP = 32, 6, 2.0
SECONDS_BETWEEN_RESTART_FILES = 60.0


def solve(
    model: Covariance,
    T: float,
    T_initial: float,
    t_max: float,
    tolerance: float,
    restart: RestartFile | None = None,
    ramps: Sequence[Ramp] = (),
    field: float = 0.0,
) -> Solution:
    """Solve the two-time equations so that the energy's error estimate meets a tolerance.

    Parameters
    ----------
    model
        The energy covariance.
    T
        Temperature of the noise, >= 0.
    T_initial
        Temperature of the initial Boltzmann state, not below the static transition, or infinity.
    t_max
        Last time.
    tolerance
        Largest accepted error estimate of the energy, absolute, at all times.
    restart
        A file to go on from where it fits, and to leave the state in.
    ramps
        Later changes of the temperature and of the field, one after another.
    field
        h, of the field that is there from the start on.

    Returns
    -------
    Solution
        It covers the times from 0 to a little beyond ``t_max``.

    Raises
    ------
    CampaignError
        If a parameter is out of range or the tolerance is out of reach.

    Notes
    -----
    The equations are those of :mod:`glasscore.dmft.equations.spherical_spins`;
    :mod:`glasscore.dmft.two_time.accuracy` says how the error is estimated. The first steps follow
    from model, ramps and tolerance, so that a longer run goes through the same rows, unless it
    misses the tolerance later and begins again; columns are wider in runs shorter than
    2e4 / sqrt(f''(1)).
    """
    _check(model, T, T_initial, t_max, tolerance)
    protocol = Protocol(T, field, tuple(ramps))
    protocol.check(0.0)
    series = short_times.solve(model, T, 1 / T_initial, field)
    protocol.check(series.reach())
    # what a hotter bath or a stronger field makes of the microscopic time
    fastest = [
        short_times.solve(model, T_later, 1 / T_initial, later).reach()
        for T_later, later in protocol.stages()[1:]
    ]
    resolution = first_resolution(model, min([series.reach(), *fastest]), t_max, tolerance)
    if ramps:
        resolution = resolution._replace(
            step=min(resolution.step, protocol.narrowest() / ROWS_OF_A_RAMP),
            spacing=min(resolution.spacing, protocol.narrowest() / COLUMNS_OF_A_RAMP),
            earliest_doubling=max(resolution.earliest_doubling, AFTER_A_RAMP * ramps[-1].end),
        )
    system = SphericalSpins(model, protocol, 1 / T_initial), series
    march = _saved(restart, system, resolution, tolerance) if restart else None
    while True:
        march = march or ControlledMarch(*system, resolution, tolerance)
        keep = _keeper(restart, march) if restart else (lambda: None)
        try:
            march.run(t_max, keep)
        except MissedError as missed:
            resolution, march = _refined(march.resolution, missed), None
            if resolution.step < SMALLEST_STEP or resolution.spacing < SMALLEST_SPACING:
                raise CampaignError(
                    f"tolerance {tolerance:g} is out of reach up to t_max = {t_max:g}: {missed}; "
                    f"choose {_advice(missed, bool(ramps))}."
                ) from None
        else:
            break
    if restart:
        restart.write(march.arrays())
    return march.solution()


def _saved(
    restart: RestartFile,
    system: tuple[SphericalSpins, ShortTimes],
    resolution: Resolution,
    tolerance: float,
) -> ControlledMarch | None:
    """Where a restart file goes on, if it does."""
    saved = restart.read()
    if saved is None:
        return None
    try:
        found = Resolution(*saved["resolution"].tolist())
        if found.horizon != resolution.horizon:
            restart.refuse("is of a run too short, or too long, to share its columns")
            return None
        return ControlledMarch(*system, found, tolerance, saved)
    # Whatever is wrong with the arrays: a run can always start from the beginning.
    except Exception as error:
        restart.refuse(f"does not hold a solution ({type(error).__name__}: {error})")
        return None


def _keeper(restart: RestartFile, march: ControlledMarch) -> Callable[[], None]:
    """Writes the restart file where the last time was long enough ago."""
    last = time.monotonic()

    def keep() -> None:
        nonlocal last
        if time.monotonic() - last > SECONDS_BETWEEN_RESTART_FILES:
            restart.write(march.arrays())
            last = time.monotonic()

    return keep


def first_resolution(model: Covariance, begin: float, t_max: float, tolerance: float) -> Resolution:
    """The resolution that a solution for a tolerance is tried with first."""
    unit = 1 / float(np.sqrt(model.second_derivative(1.0)))
    halvings = np.ceil(np.log2(ERROR_AT_LARGEST_STEP / tolerance) / 4)
    short = t_max <= SHORT_RUN * unit
    shortest = SHORTEST * unit * min(1.0, (tolerance / 1e-6) ** 0.25)
    return Resolution(
        LARGEST_STEP / 2 ** int(np.clip(halvings, 0, 4)),
        SPACING_OF_SHORT_RUNS if short else SPACING,
        min(shortest, begin / 80),
        (SHORT_RUN if short else LONGEST_RUN) * unit,
        EARLIEST_DOUBLING * unit,
    )


def _advice(missed: MissedError, has_ramps: bool) -> str:
    choices = [f"t_max below {missed.time:.2g}"]
    if missed.reached is not None and np.isfinite(missed.reached):
        choices.insert(0, f"a tolerance of {_rounded_up(missed.reached):g} or more")
    if has_ramps:
        choices.append("slower ramps")
    return ", ".join(choices[:-1]) + " or " * (len(choices) > 1) + choices[-1]


def _rounded_up(number: float) -> float:
    """The least number of one digit that is not smaller."""
    decade = 10.0 ** np.floor(np.log10(number))
    return float(np.ceil(number / decade * (1 - 1e-12)) * decade)


def _refined(resolution: Resolution, missed: MissedError) -> Resolution:
    step, spacing, shortest = resolution.step, resolution.spacing, resolution.shortest
    if missed.of_step >= missed.of_spacing:
        step /= 2
    if missed.of_spacing >= missed.of_step:
        spacing /= WIDER
        # The wider columns, which tell the error, are also those of the longer shortest time.
        shortest /= 2
    return resolution._replace(step=step, spacing=spacing, shortest=shortest)


def _check(model: Covariance, T: float, T_initial: float, t_max: float, tolerance: float) -> None:
    if not 0 <= T < np.inf:
        raise CampaignError(f"T = {T:g} is not a temperature: give a finite number >= 0.")
    longest = LONGEST_RUN / float(np.sqrt(model.second_derivative(1.0)))
    if not 0 < t_max <= longest * (1 + ROUNDING):
        raise CampaignError(
            f"t_max = {t_max:g} is not a final time: give a number above 0 and at most "
            f"{longest:.2g}, as far as the grid of this covariance reaches."
        )
    if not SMALLEST_TOLERANCE <= tolerance < np.inf:
        raise CampaignError(
            f"tolerance = {tolerance:g} is out of reach: give a finite number of at least "
            f"{SMALLEST_TOLERANCE:g}."
        )
    static = static_transition(model).temperature
    # written so that NaN is refused, and a start exactly at the transition is not
    if not T_initial >= static * (1 - ROUNDING):
        raise CampaignError(
            f"T_initial = {T_initial:g} lies below the static transition {static:.6g} of this "
            "model, where the equations of a Boltzmann start do not hold."
        )
