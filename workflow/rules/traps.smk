# Averages over the disorder samples of one N and T.


rule traps:
    input:
        inputs("traps/{study}/N{N}_T{T}.nc"),
    output:
        result("traps/{study}/N{N}_T{T}.nc"),
    log:
        result("logs/traps/{study}/N{N}_T{T}.log"),
    benchmark:
        result("benchmarks/traps/{study}/N{N}_T{T}.tsv")
    threads: 1
    resources:
        mem_mb=memory("traps/{study}/N{N}_T{T}.nc"),
        runtime=runtime("traps/{study}/N{N}_T{T}.nc"),
        turns=1,
    params:
        jobs=jobs_file,
        parameters=parameters("traps/{study}/N{N}_T{T}.nc"),
        code=code("traps/{study}/N{N}_T{T}.nc"),
    message:
        "traps {wildcards.study}, N = {wildcards.N}, T = {wildcards.T}"
    shell:
        "python -m glasscore traps --jobs {params.jobs:q} --output {output:q} 2> {log:q}"
