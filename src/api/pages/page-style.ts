/** Served at a URL of its own, so that no page needs an inline style. Contrast is at least 4.5 for text and 3 for the edges of fields. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #eef1f5;
  --sheet: #ffffff;
  --ink: #1b2430;
  --soft: #556070;
  --line: #d9dfe7;
  --edge: #7d8898;
  --accent: #1f4fd8;
  --on-accent: #ffffff;
  --accent-strong: #173fb0;
  --tint: #e8eefc;
  --bad: #b3261e;
  --bad-tint: #fdecea;
  --good: #14703a;
  --good-tint: #e5f4ea;
  --shadow: 0 1px 2px rgb(27 36 48 / 6%), 0 12px 32px rgb(27 36 48 / 8%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161c;
    --sheet: #1b212a;
    --ink: #e8edf3;
    --soft: #a6b2c0;
    --line: #303945;
    --edge: #748294;
    --accent: #8fb0ff;
    --on-accent: #0d1a3d;
    --accent-strong: #b1c8ff;
    --tint: #222d45;
    --bad: #ff9d94;
    --bad-tint: #3a2020;
    --good: #7fd6a0;
    --good-tint: #1b3325;
    --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  display: flex;
  flex-direction: column;
  min-height: 100vh;
  min-height: 100dvh;
  margin: 0;
  padding: 24px 16px 48px;
  background: var(--ground);
  color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header, main { width: 100%; max-width: 448px; margin-inline: auto; }
header { margin-bottom: 20px; padding-inline: 4px; }
main {
  padding: 32px;
  background: var(--sheet);
  border: 1px solid var(--line);
  border-radius: 16px;
  box-shadow: var(--shadow);
}
.brand {
  display: inline-flex;
  gap: 12px;
  align-items: center;
  max-width: 100%;
  color: var(--ink);
  font-weight: 600;
  text-decoration: none;
  overflow-wrap: anywhere;
}
.brand:hover span:last-child { text-decoration: underline; }
.mark {
  display: grid;
  flex: none;
  place-items: center;
  width: 36px;
  height: 36px;
  border-radius: 10px;
  background: var(--accent);
  color: var(--on-accent);
  font-size: 18px;
}
.symbol { display: grid; place-items: center; width: 52px; height: 52px; margin-bottom: 20px; border-radius: 50%; }
.symbol svg { width: 26px; height: 26px; }
.good { background: var(--good-tint); color: var(--good); }
.bad { background: var(--bad-tint); color: var(--bad); }
.plain { background: var(--tint); color: var(--accent); }
h1 { margin: 0 0 12px; font-size: 24px; line-height: 1.25; letter-spacing: -0.01em; text-wrap: balance; overflow-wrap: anywhere; }
h2 { margin: 0 0 4px; font-size: 16px; line-height: 1.4; }
p { margin: 0 0 16px; }
main > :last-child, .alert > :last-child { margin-bottom: 0; }
a { color: var(--accent); text-underline-offset: 2px; }
a:hover { color: var(--accent-strong); }
.soft { color: var(--soft); font-size: 15px; }
.fact {
  margin: 0 0 24px;
  padding: 14px 16px;
  border-radius: 10px;
  background: var(--tint);
  font-weight: 600;
  overflow-wrap: anywhere;
}
form { margin: 24px 0; }
.fact + form, .symbol + form { margin-top: 0; }
.field { margin-bottom: 20px; }
label { display: block; margin-bottom: 6px; font-weight: 600; }
.hint { margin: -2px 0 8px; color: var(--soft); font-size: 14px; line-height: 1.45; }
.error { margin: 0 0 8px; color: var(--bad); font-size: 15px; font-weight: 600; line-height: 1.45; }
input {
  display: block;
  width: 100%;
  min-height: 48px;
  padding: 10px 14px;
  border: 1px solid var(--edge);
  border-radius: 10px;
  background: var(--sheet);
  color: var(--ink);
  font: inherit;
}
input[aria-invalid] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
input[readonly] { border-color: transparent; background: var(--tint); font-weight: 600; text-overflow: ellipsis; }
input[inputmode="numeric"] { font-size: 20px; font-variant-numeric: tabular-nums; letter-spacing: 0.25em; }
button, .button {
  display: block;
  width: 100%;
  min-height: 50px;
  padding: 12px 20px;
  border: 0;
  border-radius: 10px;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.quiet { background: transparent; color: var(--accent); box-shadow: inset 0 0 0 1px var(--edge); }
button + button { margin-top: 12px; }
button.reveal { width: auto; min-height: 32px; margin: 6px 0 0 auto; padding: 4px 8px; background: transparent; color: var(--accent); font-size: 14px; }
.quiet:hover, button.reveal:hover { background: var(--tint); color: var(--accent); }
button:not(.quiet, .reveal):hover, .button:not(.quiet):hover { background: var(--accent-strong); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.alert { margin: 0 0 24px; padding: 14px 16px; border-left: 4px solid var(--bad); border-radius: 6px; background: var(--bad-tint); }
.alert ul { margin: 4px 0 0; padding-left: 20px; }
.alert a { color: var(--bad); }
.notice { margin: 0 0 24px; padding: 14px 16px; border-left: 4px solid var(--good); border-radius: 6px; background: var(--good-tint); }
.facts { margin: 0 0 24px; padding: 0; list-style: none; overflow-wrap: anywhere; }
.facts li { padding: 12px 0; border-top: 1px solid var(--line); }
.facts p { margin: 0; }
.facts form { margin: 12px 0 0; }
footer { display: flex; flex-wrap: wrap; gap: 8px 20px; width: 100%; max-width: 448px; margin: 20px auto 0; padding-inline: 4px; font-size: 14px; }
footer a { padding: 4px 0; color: var(--soft); }
.links { margin: 24px 0 0; padding: 0; list-style: none; }
.links li { border-top: 1px solid var(--line); }
.links a { display: block; padding: 14px 0; text-decoration: none; }
.links a:hover { text-decoration: underline; }
pre {
  margin: 0 0 20px;
  padding: 14px 16px;
  border-radius: 10px;
  background: var(--tint);
  font: 13px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.9em; overflow-wrap: anywhere; }
@media (max-width: 480px) {
  main { padding: 24px 20px; }
}
@media (min-height: 720px) and (min-width: 481px) {
  body { padding-top: 12vh; }
}
@media (forced-colors: active) {
  button, .button, input { border: 1px solid; }
}
`;
