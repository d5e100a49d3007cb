"""The style sheet of the report: one column, light or dark as the reader's system is.

The page fits on screens of 320 pixels and more.
"""

STYLE = """
:root { color-scheme: light dark;
  --ink: #1d2329; --soft: #55606b; --paper: #ffffff; --rule: #d3d9df; --shade: #f3f5f7;
  --link: #0a58a8; --alarm: #9a3412; --alarm-shade: #fff4ed; }
@media (prefers-color-scheme: dark) { :root {
  --ink: #e4e8ec; --soft: #a3adb8; --paper: #14181c; --rule: #3a434c; --shade: #1e242a;
  --link: #7db8f0; --alarm: #fdba74; --alarm-shade: #2b1d12; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header, nav, main { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
main { padding-bottom: 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 2rem 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.4rem; margin: 3rem 0 .6rem; padding-top: .6rem;
  border-top: 1px solid var(--rule); }
h3 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.2rem 0 .3rem; overflow-wrap: anywhere; }
p, li, dd, figcaption { max-width: 46rem; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: .5rem; top: .5rem; padding: .5rem 1rem; background: var(--paper); z-index: 1; }
nav ul { margin: .5rem 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap;
  gap: .1rem 1.2rem; }
nav a { display: inline-block; padding: .25rem 0; }
figure { margin: 0; }
figcaption { margin-top: .7rem; color: var(--soft); font-size: .93rem; }
figcaption p { margin: .4rem 0; }
figcaption p:first-child { color: var(--ink); }
.scrolling { overflow-x: auto; max-width: 100%; }
/* On a phone a picture is wider than the page, and cut where it is seen that there is more. */
.scrolling img { display: block; max-width: max(100%, 30rem); height: auto; background: #ffffff;
  border-radius: 4px; }
details { margin: .5rem 0; border: 1px solid var(--rule); border-radius: 6px; padding: 0 .8rem; }
details[open] { padding-bottom: .8rem; }
summary { cursor: pointer; padding: .55rem 0; font-weight: 600; }
table { border-collapse: collapse; font-size: .88rem; margin: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0;
  border-bottom: 1px solid var(--rule); }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; min-width: 8rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .4rem 0;
  font-size: .93rem; }
dt { color: var(--soft); }
dd { margin: 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin: 0 0 .4rem; } }
pre { background: var(--shade); padding: .8rem; border-radius: 6px; font-size: .82rem; margin: 0; }
.warnings { background: var(--alarm-shade); border-left: 4px solid var(--alarm); margin: 1rem 0;
  padding: .6rem 1rem .6rem 2rem; }
.soft { color: var(--soft); }
@media print { nav, .skip { display: none; } .scrolling { overflow: visible; } }
"""
