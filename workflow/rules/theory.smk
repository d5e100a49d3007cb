# Exact laws and stationary equations.


rule theory:
    output:
        result("theory/{study}.nc"),
    log:
        result("logs/theory/{study}.log"),
    benchmark:
        result("benchmarks/theory/{study}.tsv")
    threads: 1
    resources:
        mem_mb=memory("theory/{study}.nc"),
        runtime=runtime("theory/{study}.nc"),
    params:
        jobs=jobs_file,
        parameters=parameters("theory/{study}.nc"),
        code=code("theory/{study}.nc"),
    message:
        "theory {wildcards.study}"
    shell:
        "python -m glasscore theory --jobs {params.jobs:q} --output {output:q} 2> {log:q}"
