const style = `
  body {
    margin: 0;
    padding: 32px 16px;
    background: #eef1f5;
    color: #1b2430;
    font: 16px/1.55 system-ui, "Segoe UI", Roboto, Arial, sans-serif;
  }
  .sheet { max-width: 560px; margin: 0 auto; padding: 32px; background: #ffffff; border-radius: 12px; }
  .service { margin: 0 0 24px; color: #5a6675; font-size: 14px; font-weight: 600; }
  h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; }
  p { margin: 0 0 16px; }
  .action { margin: 24px 0 8px; }
  .button {
    display: inline-block;
    padding: 12px 22px;
    border-radius: 8px;
    background: #1f4fd8;
    color: #ffffff;
    font-weight: 600;
    text-decoration: none;
  }
  .link { color: #5a6675; font-size: 13px; word-break: break-all; }
  .link a { color: #5a6675; }
  .code { font: 600 30px/1.2 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 6px; }
  .fact { padding: 12px 16px; border-radius: 8px; background: #eef1f5; }
  .footer { max-width: 560px; margin: 16px auto 0; color: #5a6675; font-size: 13px; text-align: center; }
`;

const before = `<!doctype html>
<html lang="{{ locale }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ service }}</title>
<style>${style}</style>
</head>
<body>
<div class="sheet">
<p class="service">{{ service }}</p>
`;

const after = `
</div>
<p class="footer">{{ service }} &middot; {{ url }}</p>
</body>
</html>
`;

const wholePage = /^\s*<!doctype/i;

/** The page around the inside of a message; what is a page already stays as it is. */
export const inLayout = (html: string): string => (wholePage.test(html) ? html : before + html + after);
