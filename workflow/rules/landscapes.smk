# What each landscape looks like: energies against their law.


rule landscapes:
    output:
        result("landscapes/{study}/N{N}.nc"),
    log:
        result("logs/landscapes/{study}/N{N}.log"),
    benchmark:
        result("benchmarks/landscapes/{study}/N{N}.tsv")
    threads: 1
    resources:
        mem_mb=memory("landscapes/{study}/N{N}.nc"),
        runtime=runtime("landscapes/{study}/N{N}.nc"),
        turns=1,
    params:
        jobs=jobs_file,
        parameters=parameters("landscapes/{study}/N{N}.nc"),
        code=code("landscapes/{study}/N{N}.nc"),
    message:
        "landscape {wildcards.study}, N = {wildcards.N}"
    shell:
        "python -m glasscore landscapes --jobs {params.jobs:q} --output {output:q} 2> {log:q}"
