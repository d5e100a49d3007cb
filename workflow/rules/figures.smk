# One figure: the numbers drawn, and the drawing.


rule figures:
    input:
        inputs("figures/{figure}.nc"),
    output:
        RESULTS + "figures/{figure}.nc",
        report(
            RESULTS + "figures/{figure}.png",
            caption="../report/figure.rst",
            category="Figures",
        ),
        RESULTS + "figures/{figure}.pdf",
    log:
        RESULTS + "logs/figures/{figure}.log",
    threads: 1
    params:
        parameters=parameters("figures/{figure}.nc"),
        code=code("figures/{figure}.nc"),
    message:
        "figure {wildcards.figure}"
    shell:
        "python -m glasscore figures --parameters {params.parameters:q}"
        " --inputs {input:q} --output {output[0]:q} 2> {log:q}"
