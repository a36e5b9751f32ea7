/** How the page looks: in light and dark, on a screen and on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1b1f24, #e6e9ee);
  --soft: light-dark(#50585f, #aab2bb);
  --line: light-dark(#d0d5da, #3a424b);
  --back: light-dark(#ffffff, #14181d);
  --bad: light-dark(#a30d12, #ff9a94);
  --warn: light-dark(#7a4d00, #f2c14e);
  --good: light-dark(#0b6b2e, #7fd99b);
  --old: light-dark(#50585f, #aab2bb);
}
body { margin: 0 auto; max-width: 90rem; padding: 1rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.2; }
a { color: inherit; }
:focus-visible { outline: 3px solid light-dark(#0b57d0, #a8c7fa); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th button { font: inherit; font-weight: bold; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left; }
th[aria-sort=ascending] button::after { content: " \\2191"; }
th[aria-sort=descending] button::after { content: " \\2193"; }
#page-totals { display: flex; flex-wrap: wrap; gap: 1rem 2rem; list-style: none; padding: 0; }
#page-totals b { display: block; font-size: 2rem; line-height: 1; }
#page-controls { display: flex; flex-wrap: wrap; gap: 1rem; align-items: end; }
#page-controls[hidden] { display: none; }
input, select { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--soft); border-radius: .25rem; padding: .25rem .5rem; }
[data-state=notRead] .state, [data-state=findings] .state { color: var(--bad); font-weight: bold; }
[data-state=expiring] .state { color: var(--warn); font-weight: bold; }
[data-state=neverDeployed] .state, [data-state=stale] .state, [data-state=partial] .state { color: var(--old); font-style: italic; }
[data-state=inOrder] .state { color: var(--good); }
.note { border-left: 4px solid var(--warn); padding-left: 1rem; }
#page-timeline td:last-child { white-space: nowrap; }
svg { display: block; width: 100%; min-width: 20rem; height: 1.25rem; }
.other { fill: var(--soft); opacity: .45; }
.current { fill: var(--good); opacity: 1; }
.ended { fill: var(--bad); opacity: 1; }
.today { stroke: var(--text); stroke-width: 2; vector-effect: non-scaling-stroke; }
.later { content-visibility: auto; contain-intrinsic-size: auto 100vh; }
.tenant { content-visibility: auto; contain-intrinsic-size: auto 12rem; border-top: 1px solid var(--line); }
.tenant:target h3 { text-decoration: underline; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media print {
  #page-controls { display: none; }
  .later, .tenant { content-visibility: visible; }
  .tenant { break-inside: avoid; }
}
`;
