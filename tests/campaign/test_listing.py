"""From a configuration to its jobs."""

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from tests.workflow.campaign_copy import CONFIG

JOBS = listing.jobs(validated(CONFIG))


def test_paths():
    assert {output.partition("/")[0] for output in JOBS} == {
        "landscapes", "dynamics", "traps", "barriers", "master", "dmft", "theory",
        "langevin", "figures",
    }  # fmt: skip
    assert "dynamics/traps/Ninf_T0.5/block1.nc" in JOBS
    assert "traps/rem/N4_T0.75.nc" in JOBS
    assert "barriers/rem/N4.nc" in JOBS
    assert "master/rem/N4_T0.5.nc" in JOBS
    assert "dmft/pspin/T0.5.nc" in JOBS
    assert "theory/line.nc" in JOBS
    assert "langevin/linear/N8_T0.5.nc" in JOBS
    assert "figures/energy_relaxation.nc" in JOBS


def test_every_input_is_some_job_s_output_and_comes_before_it():
    seen = set()
    for output, job in JOBS.items():
        assert set(job.inputs) <= seen
        seen.add(output)


def test_blocks_cover_every_sample_once():
    config = validated(
        {
            **CONFIG,
            "activated": {"rem": {**CONFIG["activated"]["rem"], "samples": 7}},
            "figures": [],
        }
    )
    blocks = [
        job.parameters for job in listing.jobs(config).values()
        if job.stage == "dynamics" and job.parameters["T"] == 0.5
    ]  # fmt: skip
    covered = [
        sample
        for block in blocks
        for sample in range(block["first_sample"], block["first_sample"] + block["samples"])
    ]
    assert covered == list(range(7))


def test_figures_read_the_studies_they_are_about():
    assert JOBS["figures/local_exponent.nc"].inputs == ("traps/gauss/N5_T0.6.nc",)
    assert len(JOBS["figures/energy_relaxation.nc"].inputs) == 4
    assert JOBS["figures/dmft_energy.nc"].inputs == ("dmft/pspin/T0.5.nc",)


def test_parameters_say_how_many_samples_but_not_in_which_blocks():
    """Averages know their samples; the block size reaches neither them nor other blocks."""
    assert JOBS["traps/rem/N4_T0.5.nc"].parameters["samples"] == 4
    assert all("block" not in job.parameters for job in JOBS.values())
