# Langevin dynamics of all disorder samples at one N and T. A long job leaves a restart file, which is no
# output, as Snakemake would delete it with a job that is cut off. Run again, it goes on there.


rule langevin:
    output:
        result("langevin/{study}/N{N}_T{T}.nc"),
    log:
        result("logs/langevin/{study}/N{N}_T{T}.log"),
    benchmark:
        result("benchmarks/langevin/{study}/N{N}_T{T}.tsv")
    threads: 1
    resources:
        mem_mb=memory("langevin/{study}/N{N}_T{T}.nc"),
        runtime=runtime("langevin/{study}/N{N}_T{T}.nc"),
    params:
        jobs=jobs_file,
        parameters=parameters("langevin/{study}/N{N}_T{T}.nc"),
        code=code("langevin/{study}/N{N}_T{T}.nc"),
    message:
        "langevin {wildcards.study}, N = {wildcards.N}, T = {wildcards.T}"
    shell:
        "python -m glasscore langevin --jobs {params.jobs:q} --output {output:q} 2> {log:q}"
