# Self-consistent solutions of dynamical mean-field theory.


rule dmft:
    output:
        result("dmft/{study}/T{T}.nc"),
    log:
        result("logs/dmft/{study}/T{T}.log"),
    benchmark:
        result("benchmarks/dmft/{study}/T{T}.tsv")
    threads: 1
    resources:
        mem_mb=memory("dmft/{study}/T{T}.nc"),
        runtime=runtime("dmft/{study}/T{T}.nc"),
    params:
        jobs=jobs_file,
        parameters=parameters("dmft/{study}/T{T}.nc"),
        code=code("dmft/{study}/T{T}.nc"),
    message:
        "dmft {wildcards.study}, T = {wildcards.T}"
    shell:
        "python -m glasscore dmft --jobs {params.jobs:q} --output {output:q} 2> {log:q}"
