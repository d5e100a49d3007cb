# All minima of small landscapes, and the barriers between them.


rule barriers:
    output:
        result("barriers/{study}/N{N}.nc"),
    log:
        result("logs/barriers/{study}/N{N}.log"),
    benchmark:
        result("benchmarks/barriers/{study}/N{N}.tsv")
    threads: 1
    resources:
        mem_mb=memory("barriers/{study}/N{N}.nc"),
        runtime=runtime("barriers/{study}/N{N}.nc"),
    params:
        jobs=jobs_file,
        parameters=parameters("barriers/{study}/N{N}.nc"),
        code=code("barriers/{study}/N{N}.nc"),
    message:
        "barriers {wildcards.study}, N = {wildcards.N}"
    shell:
        "python -m glasscore barriers --jobs {params.jobs:q} --output {output:q} 2> {log:q}"
