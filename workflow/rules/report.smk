# The page of a campaign: figures, numbers, checks, provenance and cost, in the order of the config.

import json


rule page:
    input:
        reported(),
    output:
        result("report.html"),
    log:
        result("logs/report.log"),
    localrule: True
    threads: 1
    params:
        jobs=jobs_file,
        # As a function, so that braces in captions and titles are no wildcards.
        parameters=lambda wildcards: json.dumps(PAGE.parameters),
        code=source_hash(["glasscore.report.page"]),
    message:
        "report"
    shell:
        "python -m glasscore report --jobs {params.jobs:q} --output {output:q} 2> {log:q}"
