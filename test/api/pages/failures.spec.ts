import { expect } from 'chai';
import { Annal } from '../../support/annal.js';
import { newTenant, root } from '../../support/people.js';
import { Visitor } from '../../support/visitor.js';

describe('what people see where there is no page', () => {
  let annal: Annal;
  let visitor: Visitor;
  before(async () => {
    annal = await Annal.start({ budgets: { mail: { points: 2, seconds: 60 } } });
    visitor = new Visitor(annal);
  });
  after(() => annal.stop());

  const typeOf = async (path: string, accept: string | undefined): Promise<string | null> => {
    const answer = await annal.call('GET', path, { headers: { accept: accept ?? '*/*' } });
    expect(answer.status, path).to.be.within(400, 499);
    return (answer.headers.get('content-type') ?? '').split(';')[0] ?? null;
  };

  it('is a page for browsers, and a problem for programs and of the API', async () => {
    const browser = visitor.headers['accept'] as string;
    for (const path of ['/t/nosuch/verify-email', '/t/nosuch', '/nosuch', '/t/default/nosuch']) {
      expect(await typeOf(path, browser), path).to.equal('text/html');
      expect(await typeOf(path, undefined), path).to.equal('application/problem+json');
      expect(await typeOf(path, 'application/json, text/html;q=0.9')).to.equal('application/problem+json');
      expect(await typeOf(path, 'text/html;q=0, */*')).to.equal('application/problem+json');
    }
    for (const path of ['/t/default/api/v1/me', '/t/default/api/v1/nosuch', '/api/v1/tenants/default']) {
      expect(await typeOf(path, browser), path).to.equal('application/problem+json');
    }
  });

  it('names the request, so that the operator can find it', async () => {
    const page = await visitor.open('/t/nosuch/verify-email');
    expect([page.status, page.heading]).to.deep.equal([404, 'There is nothing here']);
    expect(page.html).to.contain(`<code>${page.headers.get('x-request-id') ?? '?'}</code>`);
    expect((await new Visitor(annal, 'de').open('/t/nosuch')).heading).to.equal('Hier ist nichts');
  });

  it('says that a tenant is closed, that a method is wrong, that a form is damaged', async () => {
    const { slug } = await newTenant(annal, 'closed');
    const suspended = await annal.call('POST', `/api/v1/tenants/${slug}/suspend`, {
      body: { reason: 'unpaid' },
      token: await root(annal),
    });
    expect(suspended.status, suspended.text).to.equal(204);
    const closed = await visitor.open(`/t/${slug}/reset-password`);
    expect([closed.status, closed.heading]).to.deep.equal([403, 'Closed for the time being']);
    const wrong = await visitor.send('/t/default/verify-email/confirmed', {});
    expect([wrong.status, wrong.headers.get('allow')]).to.deep.equal([405, 'GET, HEAD, OPTIONS']);
    const damaged = await visitor.send('/t/default/verify-email', { nothing: 'known' });
    expect([damaged.status, damaged.heading]).to.deep.equal([400, 'We did not understand that']);
    const repeated = await visitor.open('/t/default/verify-email?token=a&token=b');
    expect(repeated.status).to.equal(400);
  });

  it('asks for patience where the budget is spent', async () => {
    const ask = () => visitor.send('/t/default/reset-password/message', { identifier: 'nobody@example.com' });
    await ask();
    await ask();
    const answer = await ask();
    expect([answer.status, answer.heading]).to.deep.equal([429, 'Please wait a moment']);
    expect(Number(answer.headers.get('retry-after'))).to.be.within(1, 60);
  });

  it('begins at the root and at the address of a tenant', async () => {
    const service = await visitor.open('/');
    expect([service.status, service.heading]).to.deep.equal([200, 'Annal is running']);
    for (const link of ['/docs', '/mailbox', '/t/default', '/problems']) {
      expect(service.html).to.contain(`href="${link}"`);
      expect((await visitor.open(link)).status, link).to.equal(200);
    }
    const tenant = await visitor.open('/t/default');
    expect([tenant.status, tenant.heading]).to.deep.equal([200, 'Default']);
    for (const [, link] of tenant.html.matchAll(/<li><a href="([^"]+)"/g)) {
      expect((await visitor.open(link ?? '')).status, link).to.equal(200);
    }
  });
});
