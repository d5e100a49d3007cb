# One figure: the numbers drawn, and the drawing.


rule figures:
    input:
        inputs("figures/{figure}.nc"),
    output:
        numbers=result("figures/{figure}.nc"),
        picture=report(
            result("figures/{figure}.png"),
            caption="../report/figure.rst",
            category="Figures",
        ),
        print=result("figures/{figure}.pdf"),
        drawing=result("figures/{figure}.svg"),
    log:
        result("logs/figures/{figure}.log"),
    benchmark:
        result("benchmarks/figures/{figure}.tsv")
    threads: 1
    resources:
        mem_mb=memory("figures/{figure}.nc"),
        runtime=runtime("figures/{figure}.nc"),
        turns=1,
    params:
        jobs=jobs_file,
        parameters=parameters("figures/{figure}.nc"),
        code=code("figures/{figure}.nc"),
    message:
        "figure {wildcards.figure}"
    shell:
        "python -m glasscore figures --jobs {params.jobs:q}"
        " --output {output.numbers:q} 2> {log:q}"
