import { expect } from 'chai';
import { wordings } from '../../../src/application/notifications/defaults/wordings.js';
import { kinds, type NotificationKind, notificationKinds } from '../../../src/application/notifications/kinds.js';
import { NotificationTemplates } from '../../../src/application/notifications/notification-templates.js';
import { partsOf } from '../../../src/application/notifications/template.js';
import type { MessageContent } from '../../../src/application/ports/outbox.js';
import { TemplateInvalid } from '../../../src/application/ports/template-engine.js';
import { type StoredTemplate, TemplateStore } from '../../../src/application/ports/template-store.js';
import type { Instant, TenantId } from '../../../src/domain/values.js';
import { LiquidTemplates } from '../../../src/infrastructure/liquid-templates.js';
import { rejection } from '../../support/rejection.js';

const acme = 'acme' as TenantId;
const now = '2026-01-01T12:00:00.000Z' as Instant;

class MemoryTemplates extends TemplateStore {
  stored: StoredTemplate[] = [];
  async list(_tenant: TenantId, kind?: NotificationKind): Promise<readonly StoredTemplate[]> {
    return this.stored.filter((one) => kind === undefined || one.kind === kind);
  }
  async put(_tenant: TenantId, template: StoredTemplate): Promise<void> {
    await this.remove(acme, template.kind, template.locale);
    this.stored.push(template);
  }
  async remove(_tenant: TenantId, kind: NotificationKind, locale: string): Promise<void> {
    this.stored = this.stored.filter((one) => one.kind !== kind || one.locale !== locale);
  }
}

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
        // Putting a wording proves it on a full and on a sparse sample.
        await templates.put(acme, kind, locale, parts, now);

        const rendered = (await templates.preview(acme, kind, locale, now))?.parts ?? {};
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
    await templates.put(
      acme,
      'verify-email',
      'fr',
      { subject: 'Confirmez', text: '{{ link }}', html: '<p>{{ link }}</p>' },
      now,
    );
    expect(await chosen('fr-CA', 'de')).to.equal('fr');
  });

  it('are replaced by a tenant, shown with where they come from, and put back', async () => {
    const own = { subject: 'Welcome to {{ service }}', text: '{{ link }}', html: '<p>{{ link }}</p>' };
    await templates.put(acme, 'verify-email', 'EN', own, now);
    expect((await render('verify-email', 'en')).parts.subject).to.equal('Welcome to Müller & Söhne');
    expect(await templates.get(acme, 'verify-email', 'en')).to.deep.include({
      origin: 'tenant',
      parts: own,
      locale: 'en',
    });
    expect((await templates.list(acme)).filter(({ origin }) => origin === 'tenant')).to.have.length(1);
    expect(await templates.list(acme)).to.have.length(2 * notificationKinds.length);

    await templates.remove(acme, 'verify-email', 'en');
    expect(await templates.get(acme, 'verify-email', 'en')).to.include({ origin: 'default' });
  });

  it('can be tried without being stored', async () => {
    const parts = { subject: '{{ code }}', text: 'x', html: 'x' };

    expect((await templates.preview(acme, 'verify-email', 'en', now, parts))?.parts.subject).to.equal('123456');
    expect(store.stored).to.deep.equal([]);
    expect(await templates.preview(acme, 'verify-email', 'fr', now)).to.equal(undefined);
  });

  it('are refused where they cannot work, saying why', async () => {
    const refusal = async (parts: object, locale = 'en') =>
      (await rejection(templates.put(acme, 'verify-email', locale, parts, now))).message;
    const whole = { subject: 'x', text: 'x', html: 'x' };

    expect(await refusal({ subject: 'x', text: ' ' })).to.equal('a template for verify-email needs text, html');
    expect(await refusal({ ...whole, short: 'x' })).to.equal('a template for verify-email has no short');
    expect(await refusal({ ...whole, html: '{{ oops }}' })).to.match(/^html: undefined variable: oops/);
    expect(await refusal({ ...whole, text: '{{ code | upcase' })).to.match(/^text: /);
    expect(await refusal(whole, 'no locale')).to.equal('"no locale" is not a language tag (BCP 47)');
    // Only the sparse sample has no code.
    expect(await refusal({ ...whole, subject: '{{ code.size.x }}' })).to.match(/^subject: /);
    expect(store.stored).to.deep.equal([]);
  });

  it('give way to the default when a stored one fails', async () => {
    store.stored.push({ kind: 'verify-email', locale: 'de', parts: { subject: '{{ gone }}', text: 'x', html: 'x' } });

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
