import { Liquid, type LiquidOptions } from 'liquidjs';
import { inLayout } from '../application/notifications/layout.js';
import type { PartName, RenderedParts, Variables } from '../application/notifications/template.js';
import type { TemplateParts } from '../domain/notification-template/notification-template.js';
import { TemplateEngine, TemplateInvalid } from '../application/ports/template-engine.js';

/**
 * Bounds of one part: characters parsed, units of memory, milliseconds (a backstop: without loops the size of the
 * source bounds the work).
 */
const limits = { parse: 50_000, memory: 200_000, milliseconds: 1_000 };
const longest: Readonly<Record<PartName, number>> = { subject: 200, text: 50_000, html: 200_000, short: 600 };

/** What is not named here does not exist: no files, no unescaped output, nothing that grows by itself. */
const tags = ['assign', 'if', 'unless', 'case', 'comment'];
const filters = [
  'default',
  'upcase',
  'downcase',
  'capitalize',
  'truncate',
  'append',
  'prepend',
  'replace',
  'strip',
  'size',
];

const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};
/** Control characters and marks that turn the direction of text around; a value never brings lines of its own. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

const asText = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const plain = (value: unknown): string => asText(value).replace(unseen, ' ');
const html = (value: unknown): string => plain(value).replace(/[&<>"']/g, (character) => htmlEscapes[character] ?? '');

const engineFor = (outputEscape: (value: unknown) => string): Liquid => {
  const options: LiquidOptions = {
    outputEscape,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: false,
    dynamicPartials: false,
    relativeReference: false,
    templates: {},
    parseLimit: limits.parse,
    memoryLimit: limits.memory,
    renderLimit: limits.milliseconds,
  };
  const engine = new Liquid(options);
  for (const name of Object.keys(engine.tags)) if (!tags.includes(name)) delete engine.tags[name];
  for (const name of Object.keys(engine.filters)) if (!filters.includes(name)) delete engine.filters[name];
  return engine;
};

/** Templates in Liquid, which is interpreted: what a tenant writes never becomes code. */
export class LiquidTemplates extends TemplateEngine {
  private readonly plain = engineFor(plain);
  private readonly html = engineFor(html);

  render(parts: TemplateParts, variables: Variables): RenderedParts {
    const rendered = Object.entries(parts).map(([name, source]) => {
      const part = name as PartName;
      return [part, this.part(part, source, variables)];
    });
    return Object.fromEntries(rendered) as RenderedParts;
  }

  private part(name: PartName, source: string, variables: Variables): string {
    const engine = name === 'html' ? this.html : this.plain;
    const page = name === 'html' ? inLayout(source) : source;
    const result = tidy[name](evaluate(engine, name, page, variables, linesBefore(page, source)));
    if (result.length > longest[name]) throw new TemplateInvalid(`longer than ${longest[name]} characters`, name);
    return result;
  }
}

/** Lines that the layout puts before what the author wrote, who counts without them. */
const linesBefore = (page: string, source: string): number =>
  page.slice(0, page.indexOf(source)).split('\n').length - 1;

function evaluate(engine: Liquid, name: PartName, page: string, variables: Variables, before: number): string {
  try {
    return String(engine.parseAndRenderSync(page, { ...variables }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'invalid';
    const counted = reason.replace(/\bline:(\d+)/, (_, line: string) => `line:${Number(line) - before}`);
    throw new TemplateInvalid(counted, name, { cause: error });
  }
}

const oneLine = (text: string): string => text.replace(unseen, ' ').replace(/\s+/g, ' ').trim();

/**
 * A subject is one line (RFC 5322 section 2.2: a header must not bring another one along), and so is a text message.
 */
const tidy: Readonly<Record<PartName, (text: string) => string>> = {
  subject: oneLine,
  text: (text) =>
    `${text
      .replace(/\r\n?/g, '\n')
      .replace(/[^\S\n]+$/gm, '')
      .replace(/\n{3,}/g, '\n\n')
      .trim()}\n`,
  html: (text) => text,
  short: oneLine,
};
