import { expect } from 'chai';
import { Annal } from '../../support/annal.js';
import { newTenant, root } from '../../support/people.js';
import { Visitor } from '../../support/visitor.js';

describe('pages that look like the tenant’s own', () => {
  let annal: Annal;
  before(async () => {
    annal = await Annal.start();
  });
  after(() => annal.stop());

  it('have its colours from an address of their own, and its links below; another tenant has none of them', async () => {
    const token = await root(annal);
    const { slug } = await newTenant(annal, 'branded');
    const branding = { accent: '#7a1fa2', termsUrl: 'https://example.com/terms', privacyUrl: 'https://example.com/p' };
    const changed = await annal.call('PUT', `/api/v1/tenants/${slug}/settings`, {
      body: { overrides: { branding } },
      token,
    });
    expect(changed.status, changed.text).to.equal(200);
    const visitor = new Visitor(annal);
    const page = await visitor.open(`/t/${slug}/sign-in`);
    expect(page.html)
      .to.contain('href="https://example.com/terms"')
      .and.to.contain('>Privacy</a>')
      .and.not.to.contain('>Help</a>');
    expect(page.headers.get('content-security-policy')).not.to.contain('unsafe');
    const [, style = ''] = /href="(\/t\/[^"]*brand\.css[^"]*)"/.exec(page.html) ?? [];
    const sheet = await annal.call('GET', style);
    expect(sheet.headers.get('content-type')).to.equal('text/css; charset=utf-8');
    expect(sheet.text).to.contain('--accent: #7a1fa2;').and.to.contain('prefers-color-scheme: dark');
    const other = await visitor.open('/t/default/sign-in');
    expect(other.html).not.to.contain('brand.css').and.not.to.contain('<footer>');
  });

  it('are refused colours that cannot be read and links that are none, each by its name', async () => {
    const token = await root(annal);
    const branding = { accent: '#ffee00', supportUrl: 'javascript:alert(1)' };
    const answer = await annal.call('PUT', '/api/v1/tenants/default/settings', {
      body: { overrides: { branding } },
      token,
    });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('/branding/accent').and.to.contain('/branding/supportUrl');
  });
});
