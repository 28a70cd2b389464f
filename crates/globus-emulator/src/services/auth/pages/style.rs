//! The look of the pages.

pub(super) const STYLE: &str = "\
:root { color-scheme: light dark; --line: #8886; --main: #2b5ea7; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; display: grid; justify-items: center; padding: 2rem 1rem; }
main { max-width: 34rem; width: 100%; }
h1 { font-size: 1.6rem; margin: 0 0 1rem; }
button { font: inherit; padding: .5rem 1.25rem; border: 1px solid var(--line); border-radius: .5rem; cursor: pointer; }
button.main { background: var(--main); border-color: var(--main); color: #fff; }
button.account { display: block; width: 100%; text-align: left; margin: .5rem 0; padding: .75rem 1rem; }
button.account span { opacity: .7; margin-left: .5rem; }
button:focus-visible, a:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
code { font-size: 1.05rem; padding: .25rem .5rem; border: 1px solid var(--line); border-radius: .25rem; overflow-wrap: anywhere; }
blockquote { border-left: 4px solid var(--main); margin: 1rem 0; padding: .25rem 1rem; }
.notice { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem 1rem; }
.small, footer { font-size: .875rem; opacity: .75; }
footer { margin-top: 3rem; }
";
