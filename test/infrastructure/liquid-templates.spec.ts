import { expect } from 'chai';
import { TemplateInvalid } from '../../src/application/ports/template-engine.js';
import { LiquidTemplates } from '../../src/infrastructure/liquid-templates.js';

const engine = new LiquidTemplates();

/** What people enter as their name to become part of somebody else's mail. */
const attacks = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><script>alert(1)</script>',
  '<svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">click</a>',
  '&lt;script&gt;',
  '<!--',
  ']]>',
  '{{ code }}',
  '{% if true %}<b>{% endif %}',
  '`${7*7}`',
  'a\r\nBcc: eve@example.org',
  'a\u2028b\u0085c\u0000d',
  '\u202egnp.exe',
  '<style>@import url(//evil.example)</style>',
  '<base href="//evil.example">',
  '&#x3c;script&#x3e;',
  '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;">',
  '\ud83d\udc68\u200d\ud83d\udc69',
];

describe('templates that administrators of tenants write', () => {
  for (const attack of attacks) {
    it(`put ${JSON.stringify(attack)} into HTML as text`, () => {
      const { html } = engine.render({ html: '<!doctype html><p title="{{ name }}">{{ name }}</p>' }, { name: attack });
      const inside = html?.slice('<!doctype html><p title="'.length, -'</p>'.length).split('">');

      expect(inside).to.have.length(2);
      expect(inside?.join('')).not.to.match(/[<>"'\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(inside?.join('')).not.to.match(/&(?!(amp|lt|gt|#34|#39);)/);
    });

    it(`put ${JSON.stringify(attack)} into a subject of one line and a text without new lines`, () => {
      const { subject, text, short } = engine.render(
        { subject: 'Hello {{ name }}', text: 'Hello {{ name }}', short: 'Hello {{ name }}' },
        { name: attack },
      );

      expect(subject).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(short).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(text?.slice(0, -1)).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    });
  }

  const refused: Readonly<Record<string, string>> = {
    'output that is not escaped': '{{ name | raw }}',
    'a file': '{% include "/etc/passwd" %}',
    'a partial': '{% render "x" %}',
    'a layout': '{% layout "x" %}',
    'a loop': '{% for i in (1..1000000000) %}x{% endfor %}',
    'a short loop': '{% for i in (1..3) %}x{% endfor %}',
    'an output in disguise': '{% echo name %}',
    'a script of its own': '{% liquid assign a = name %}',
    'markup in a variable': '{% capture a %}<b>{% endcapture %}',
    'a loop in disguise': '{% tablerow i in (1..1000000000) %}x{% endtablerow %}',
    'a string that doubles itself': `{% assign a = "xxxxxxxxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(40)}`,
    'an unknown filter': '{{ name | split: "" | map: "constructor" }}',
    'the prototype': '{{ name.constructor }}',
    'a global': '{{ process.env.DATABASE_URL }}',
    'a misspelt variable': '{{ nmae }}',
    'a misspelt variable in a condition': '{% if nmae %}x{% endif %}',
    'an open tag': '{% if name %}x',
    'an open output': '{{ name',
    'too much source': 'x'.repeat(60_000),
    'a condition on nothing': '{% if %}x{% endif %}',
  };
  for (const [what, source] of Object.entries(refused)) {
    it(`cannot use ${what}`, () => {
      for (const part of ['html', 'text', 'subject', 'short']) {
        expect(() => engine.render({ [part]: source }, { name: 'Ada' }), part).to.throw(TemplateInvalid);
      }
    });
  }

  it('leave no trace of one rendering in the next', () => {
    engine.render({ text: '{% assign secret = name %}' }, { name: 'Ada' });

    expect(() => engine.render({ text: '{{ secret }}' }, { name: 'Grace' })).to.throw(TemplateInvalid);
  });

  it('stand inside the shared page unless they are one', () => {
    const variables = { locale: 'en', service: 'A & B', url: 'https://id.example.org' };

    expect(engine.render({ html: '<p>x</p>' }, variables).html).to.match(
      /^<!doctype html>[^]*A &amp; B[^]*<p>x<\/p>[^]*<\/html>\n$/,
    );
    expect(engine.render({ html: '<!DOCTYPE html><p>x</p>' }, variables).html).to.equal('<!DOCTYPE html><p>x</p>');
  });
});
