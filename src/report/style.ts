// How a report looks: light and dark, on a phone, on paper.

export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #0f1514);
  --inset: light-dark(#f3f6f5, #18201f);
  --line: light-dark(#dfe4e2, #2b3533);
  --ink: light-dark(#13201d, #e9f0ee);
  --ink-2: light-dark(#43524e, #b0bfbb);
  --dense: light-dark(#43524e, #b0bfbb);
  --uniform: light-dark(#5a6a8a, #94a7cf);
  --mosaic: light-dark(#a8540c, #f0a254);
  --searched: light-dark(#0b7468, #41cdbb);
  --yours: light-dark(#8a3ea8, #d79cf0);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-inline-size: 60rem;
  background: var(--ground); color: var(--ink);
  font: 16px/1.55 Inter, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { margin: 0 0 .75rem; font-size: 2rem; line-height: 1.2; text-wrap: balance; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; }
p { margin: .5rem 0; max-inline-size: 68ch; }
section { margin-block-start: 2.75rem; }
a { color: var(--searched); overflow-wrap: anywhere; }
small, .quiet { color: var(--ink-2); font-size: .875rem; }
.kicker { margin: 0 0 .5rem; color: var(--ink-2); font-size: .875rem; }
.lead { font-size: 1.125rem; }
svg { display: block; inline-size: 100%; block-size: auto; overflow: visible; }
svg text { fill: var(--ink-2); font: 12px Inter, -apple-system, "Segoe UI", Arial, sans-serif; }
svg .axis { stroke: var(--line); }
svg .strong { fill: var(--ink); font-weight: 600; }
.scroll { margin-block-start: 1.25rem; overflow-x: auto; }
.bar { stroke: var(--ground); }
table { inline-size: 100%; border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; }
caption { padding-block-end: .5rem; color: var(--ink-2); font-size: .875rem; text-align: start; }
th, td { padding: .375rem .75rem .375rem 0; border-block-end: 1px solid var(--line); text-align: start; white-space: nowrap; }
thead th { color: var(--ink-2); font-weight: 500; }
tbody th { font-weight: 600; }
.number { text-align: end; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 0 2rem; margin: 0; }
dl > div { display: flex; justify-content: space-between; gap: 1rem; padding: .3rem 0; border-block-end: 1px solid var(--line); font-size: .9375rem; }
dt { color: var(--ink-2); }
dd { margin: 0; text-align: end; overflow-wrap: anywhere; }
.pictures { display: grid; gap: 1rem; margin: 0; }
.pictures figure { margin: 0; }
.pictures figcaption { margin-block-end: .25rem; font-size: .9375rem; font-weight: 600; }
.pictures div { display: grid; grid-template-columns: repeat(auto-fit, minmax(4.75rem, 1fr)); gap: .375rem; }
.pictures img { display: block; inline-size: 100%; aspect-ratio: 1; border-radius: 4px; background: var(--inset); }
pre { margin: .5rem 0; padding: .875rem 1rem; border-radius: 6px; background: var(--inset); font: .8125rem/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-x: auto; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .875em; overflow-wrap: anywhere; }
@media (max-width: 34rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
  .pictures div { grid-template-columns: repeat(5, 1fr); }
}
@media print {
  :root { color-scheme: light; }
  body { padding: 0; max-inline-size: none; font-size: 10.5pt; }
  section { margin-block-start: 1.5rem; }
  figure, tr, svg, pre { break-inside: avoid; }
  h2 { break-after: avoid; }
  .pictures div { grid-template-columns: repeat(10, 1fr); }
  .scroll, pre { overflow: visible; }
  pre { white-space: pre-wrap; }
  th, td { white-space: normal; }
  * { print-color-adjust: exact; }
}
`.trim();
