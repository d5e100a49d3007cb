# Trajectories of one block of disorder samples at one N and T. A long job leaves a restart file, which
# is no output, as Snakemake would delete it with a job that is cut off. Run again, it goes on there.


rule dynamics:
    output:
        result("dynamics/{study}/N{N}_T{T}/block{block}.nc"),
    log:
        result("logs/dynamics/{study}/N{N}_T{T}/block{block}.log"),
    benchmark:
        result("benchmarks/dynamics/{study}/N{N}_T{T}/block{block}.tsv")
    threads: 1
    resources:
        mem_mb=memory("dynamics/{study}/N{N}_T{T}/block{block}.nc"),
        runtime=runtime("dynamics/{study}/N{N}_T{T}/block{block}.nc"),
    params:
        jobs=jobs_file,
        parameters=parameters("dynamics/{study}/N{N}_T{T}/block{block}.nc"),
        code=code("dynamics/{study}/N{N}_T{T}/block{block}.nc"),
    message:
        "dynamics {wildcards.study}, N = {wildcards.N}, T = {wildcards.T}, block {wildcards.block}"
    shell:
        "python -m glasscore dynamics --jobs {params.jobs:q} --output {output:q} 2> {log:q}"
