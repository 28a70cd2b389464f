//! The look of the page.

pub(super) const STYLE: &str = "\
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --main: #2b5ea7; --good: #1c7a4a; --busy: #8a6100; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --main: #8ab4f0; --good: #6fd19d; --busy: #e6c067; --bad: #ff9a90; } }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; padding: 1.5rem clamp(1rem, 4vw, 3rem); }
main { max-width: 84rem; margin: 0 auto; }
body.gone main { opacity: .5; }
h1 { font-size: 1.6rem; margin: 0; }
header p { margin: .25rem 0 1.5rem; opacity: .85; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h2 span { font-weight: 400; font-size: .875rem; margin-left: .25rem; padding: .1rem .5rem; border-radius: 1rem; background: var(--soft); }
.wide { overflow-x: auto; max-height: 26rem; overflow-y: auto; border: 1px solid var(--line); border-radius: .5rem; }
.wide:focus-visible { outline: 3px solid var(--main); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; padding: .4rem .75rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { position: sticky; top: 0; background: Canvas; font-weight: 600; }
tr:last-child td { border-bottom: 0; }
td code { overflow-wrap: anywhere; }
code { font-size: .95em; }
progress { width: 6rem; accent-color: var(--main); }
@media (max-width: 50rem) { table { min-width: 50rem; } td code { white-space: nowrap; } .wide { max-height: 70vh; } }
.mark { font-weight: 600; }
.good { color: var(--good); }
.busy { color: var(--busy); }
.bad { color: var(--bad); }
.empty { opacity: .75; margin: .25rem 0; font-size: .875rem; }
footer { margin-top: 3rem; font-size: .875rem; opacity: .75; }
";
