# Exact dynamics of few spins, from the master equation.


rule master:
    output:
        result("master/{study}/N{N}_T{T}.nc"),
    log:
        result("logs/master/{study}/N{N}_T{T}.log"),
    benchmark:
        result("benchmarks/master/{study}/N{N}_T{T}.tsv")
    threads: 1
    resources:
        mem_mb=memory("master/{study}/N{N}_T{T}.nc"),
        runtime=runtime("master/{study}/N{N}_T{T}.nc"),
    params:
        jobs=jobs_file,
        parameters=parameters("master/{study}/N{N}_T{T}.nc"),
        code=code("master/{study}/N{N}_T{T}.nc"),
    message:
        "master {wildcards.study}, N = {wildcards.N}, T = {wildcards.T}"
    shell:
        "python -m glasscore master --jobs {params.jobs:q} --output {output:q} 2> {log:q}"
