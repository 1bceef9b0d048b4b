import { expect } from 'chai';
import { wordings } from '../../../src/application/notifications/defaults/wordings.js';
import { kinds, type NotificationKind, notificationKinds } from '../../../src/application/notifications/kinds.js';
import { NotificationTemplates } from '../../../src/application/notifications/notification-templates.js';
import { partsOf } from '../../../src/application/notifications/template.js';
import type { MessageContent } from '../../../src/application/ports/outbox.js';
import { TemplateInvalid } from '../../../src/application/ports/template-engine.js';
import type { TemplateParts } from '../../../src/domain/notification-template/notification-template.js';
import type { Instant, TenantId } from '../../../src/domain/values.js';
import { LiquidTemplates } from '../../../src/infrastructure/liquid-templates.js';
import { MemoryTemplates } from '../../support/memory-templates.js';
import { rejection } from '../../support/rejection.js';

const acme = 'acme' as TenantId;
const now = '2026-01-01T12:00:00.000Z' as Instant;

const content = (kind: NotificationKind, ...locales: readonly string[]): MessageContent => ({
  to: 'ada@example.org',
  locales,
  service: { name: 'Müller & Söhne', url: 'https://id.example.org/t/acme' },
  name: '<b>Ada</b>',
  at: now,
  details: kinds[kind].sample,
});

describe('the words of notifications', () => {
  let store: MemoryTemplates;
  let failures: string[];
  let templates: NotificationTemplates;
  beforeEach(() => {
    store = new MemoryTemplates();
    failures = [];
    templates = new NotificationTemplates(store, new LiquidTemplates(), (_, kind, locale) =>
      failures.push(`${kind} ${locale}`),
    );
  });

  const render = (kind: NotificationKind, ...locales: readonly string[]) =>
    templates.render({
      tenant: acme,
      kind,
      channel: kinds[kind].channels[0] ?? 'mail',
      content: content(kind, ...locales),
      now,
    });

  for (const locale of Object.keys(wordings)) {
    for (const kind of notificationKinds) {
      it(`exist for ${kind} in ${locale}, also where everything is missing that can be`, async () => {
        const parts = wordings[locale]?.[kind] ?? {};
        expect(Object.keys(parts)).to.have.members(kinds[kind].channels.flatMap((channel) => partsOf[channel]));
        // On a full and on a sparse sample.
        expect(templates.faults(kind, locale, parts, now)).to.deep.equal([]);

        const rendered = templates.preview({ kind, locale, parts }, now);
        expect(Object.values(rendered).join(' ')).not.to.match(/undefined|null|NaN|\{\{|\{%/);
        expect((rendered.short ?? '').length).to.be.below(320);
      });
    }
  }

  it('escape the service and the person in HTML, and only there', async () => {
    const { parts } = await render('password-changed', 'en');

    expect(parts.html).to.contain('Müller &amp; Söhne').and.to.contain('&lt;b&gt;Ada');
    expect(parts.html).not.to.contain('<b>Ada');
    expect(parts.subject).to.equal('Your password for Müller & Söhne was changed');
    expect(parts.text).to.contain('January 1, 2026').and.to.contain('12:00');
  });

  it('are those of the person, else of the tenant, else English', async () => {
    const chosen = async (...locales: string[]) => (await render('verify-email', ...locales)).locale;

    expect(await chosen('de-AT', 'en')).to.equal('de');
    expect(await chosen('fr', 'de')).to.equal('de');
    expect(await chosen('fr', 'es')).to.equal('en');
    expect(await chosen('not a locale', '')).to.equal('en');
    const parts = { subject: 'Confirmez', text: '{{ link }}', html: '<p>{{ link }}</p>' };
    store.put({ kind: 'verify-email', locale: 'fr', parts });
    expect(await chosen('fr-CA', 'de')).to.equal('fr');
  });

  it('are replaced by a tenant, shown with where they come from, and put back', async () => {
    const own = { subject: 'Welcome to {{ service }}', text: '{{ link }}', html: '<p>{{ link }}</p>' };
    store.put({ kind: 'verify-email', locale: 'en', parts: own });
    expect((await render('verify-email', 'en')).parts.subject).to.equal('Welcome to Müller & Söhne');
    const shown = { origin: 'tenant', parts: own, locale: 'en', wordsOf: 'en', revision: 1 };
    expect(await templates.get(acme, 'verify-email', 'en', 'de')).to.deep.include(shown);
    const all = await templates.list(acme, ['en', 'de'], 'en');
    expect(all.filter(({ origin }) => origin === 'tenant')).to.have.length(1);
    expect(all).to.have.length(2 * notificationKinds.length);

    store.remove('verify-email', 'en');
    expect(await templates.get(acme, 'verify-email', 'en', 'de')).to.include({ origin: 'default', revision: 0 });
  });

  it('stand in for a language that has none of its own, in the order in which messages look for them', async () => {
    const wordsOf = async (locale: string, fallback: string) =>
      (await templates.get(acme, 'verify-email', locale, fallback)).wordsOf;

    expect(await wordsOf('de-AT', 'en')).to.equal('de');
    expect(await wordsOf('fr', 'de-CH')).to.equal('de');
    expect(await wordsOf('fr', 'es')).to.equal('en');
    store.put({ kind: 'verify-email', locale: 'es', parts: { subject: 'x', text: 'x', html: 'x' } });
    expect(await templates.get(acme, 'verify-email', 'fr', 'es')).to.include({
      locale: 'fr',
      wordsOf: 'es',
      origin: 'tenant',
      revision: 0,
    });
  });

  it('are refused where they cannot work, part by part', () => {
    const faults = (parts: TemplateParts) =>
      templates.faults('verify-email', 'en', parts, now).map(({ part, code }) => `${part} ${code}`);
    const whole = { subject: 'x', text: 'x', html: 'x' };

    expect(faults(whole)).to.deep.equal([]);
    expect(faults({ subject: 'x', text: ' ' })).to.deep.equal(['text missing', 'html missing']);
    expect(faults({ ...whole, short: 'x' })).to.deep.equal(['short not-used']);
    expect(
      faults({ subject: '{{ oops }}', text: '{{ code | upcase', html: '{% for a in b %}{% endfor %}' }),
    ).to.deep.equal(['subject invalid', 'text invalid', 'html invalid']);
    // Only the sparse sample has no code.
    expect(faults({ ...whole, subject: '{{ code.size.x }}' })).to.deep.equal(['subject invalid']);
  });

  it('that cannot work say what is wrong with them', () => {
    const [fault] = templates.faults('verify-email', 'en', { subject: 'x', text: '{{ oops }}', html: 'x' }, now);

    expect(fault?.message).to.match(/^undefined variable: oops/);
  });

  it('count lines of HTML as their author does, without those of the layout', () => {
    const [fault] = templates.faults('verify-email', 'en', { subject: 'x', text: 'x', html: 'a\nb\n{{ oops }}' }, now);

    expect(fault?.message).to.match(/line:3\b/);
  });

  it('give way to the default when a stored one fails', async () => {
    store.put({ kind: 'verify-email', locale: 'de', parts: { subject: '{{ gone }}', text: 'x', html: 'x' } });

    const wording = await render('verify-email', 'de');
    expect(wording).to.include({ locale: 'de', origin: 'default' });
    expect(failures).to.deep.equal(['verify-email de']);
  });

  it('fail where not even the default works', async () => {
    const broken = new NotificationTemplates(
      store,
      {
        render: () => {
          throw new TemplateInvalid('no');
        },
      },
      () => undefined,
    );
    const request = {
      tenant: acme,
      kind: 'verify-email',
      channel: 'mail',
      content: content('verify-email', 'en'),
      now,
    } as const;

    expect(await rejection(broken.render(request))).to.be.instanceOf(TemplateInvalid);
  });
});
