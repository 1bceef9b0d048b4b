/** Served at a URL of its own, so that the page needs no inline style. */
export const developmentMailboxStyle = `
:root {
  color-scheme: light dark;
  --ground: #eef1f5;
  --sheet: #ffffff;
  --ink: #1b2430;
  --soft: #5a6675;
  --line: #d9dfe7;
  --accent: #1f4fd8;
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #12161c; --sheet: #1b212a; --ink: #e8edf3; --soft: #9aa7b6; --line: #303945; --accent: #8fb0ff; }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, Arial, sans-serif;
}
main { max-width: 860px; margin: 0 auto; padding: 32px 16px 64px; }
header {
  display: flex;
  flex-wrap: wrap;
  gap: 8px 16px;
  align-items: baseline;
  justify-content: space-between;
  margin-bottom: 24px;
}
h1 { margin: 0; font-size: 24px; line-height: 1.3; }
a { color: var(--accent); }
.note, .meta { color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
form { display: flex; gap: 8px; margin-bottom: 24px; }
input, button {
  font: inherit;
  padding: 8px 12px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--sheet);
  color: var(--ink);
}
input { flex: 1; min-width: 0; }
button { cursor: pointer; }
ul { list-style: none; margin: 0; padding: 0; }
li, article {
  background: var(--sheet);
  border: 1px solid var(--line);
  border-radius: 12px;
  margin-bottom: 12px;
  padding: 16px 20px;
}
li > a { font-weight: 600; text-decoration: none; overflow-wrap: anywhere; }
li > a:hover { text-decoration: underline; }
.proof { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; margin: 16px 0; }
.code { font: 600 28px/1.2 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 4px; }
.link { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace; }
iframe { width: 100%; height: 620px; border: 1px solid var(--line); border-radius: 8px; background: #ffffff; }
.empty { padding: 48px 16px; text-align: center; color: var(--soft); }
`;
