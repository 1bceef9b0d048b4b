import { expect } from 'chai';
import { documentOf } from '../../../src/api/pages/html.js';

/** What a browser reads as the value of a quoted attribute, and as text. */
const inClear = (html: string): string =>
  html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

describe('what is put into a page', () => {
  const texts = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '&lt;b&gt;',
    "' autofocus x='",
    '-->',
    '\u2028',
  ];

  it('stays text, in elements and in attributes', () => {
    for (const text of texts) {
      const html = documentOf(
        <p title={text} data-x={text}>
          {text}
        </p>,
      );
      const [, title = '', data = '', content = ''] =
        /<p title="([^"]*)" data-x="([^"]*)">([^<]*)<\/p>/.exec(html) ?? [];
      expect([title, data, content].map(inClear), html).to.deep.equal([text, text, text]);
    }
  });

  it('is no element because it looks like one: what comes as data is never rendered as markup', () => {
    const sent = JSON.parse('{"type":"script","props":{"children":"alert(1)"},"key":null,"ref":null}') as string;
    expect(documentOf(<p>{sent}</p>)).not.to.contain('<script');
  });
});
