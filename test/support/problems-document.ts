import { problemCodes, problemRow } from '../../src/api/problems.js';

/** docs/problems.md. */
export function problemsDocument(): string {
  const rows = problemCodes.map((code) => {
    const { status, title, forDeveloper, transient } = problemRow(code);
    return `| \`${code}\` | ${status} | ${title} | ${forDeveloper} | ${transient ? 'yes' : ''} |`;
  });
  return `# Problems

Generated from \`src/api/problems.ts\` by \`npm run docs\`.

Every failed request answers \`application/problem+json\` (RFC 9457): \`type\` (a page of the running service: \`/problems/<code>\`), \`title\`,
\`status\`, \`code\`, \`instance\` (the request id, under which the log has the cause), sometimes \`detail\`, and \`errors\` with a pointer, a
code and a message per field. Programs compare \`code\`; codes never change. The OAuth endpoints answer errors in the form of their own RFCs.

| code | status | title | for developers | may pass |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
