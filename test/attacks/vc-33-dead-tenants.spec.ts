import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { CommandContext } from '../../src/application/ports/event-log.js';
import { Slugs } from '../../src/application/slugs.js';
import { systemTenant } from '../../src/application/system-tenant.js';
import type { TenantId } from '../../src/domain/values.js';
import { Annal, type Answer } from '../support/annal.js';
import { eventsAfter } from '../support/attacking.js';
import type { HeldEngine } from '../support/held-engine.js';
import { HeldInstance } from '../support/held-instance.js';
import { root } from '../support/people.js';

const reserved = 30;

/** Two tenants with one slug would be two issuers with one address. */
describe('attacks by tenants that die before they come into being', () => {
  let annal: Annal;
  let elsewhere: Annal;
  let engine: HeldEngine;
  let held: HeldInstance;

  before(async () => {
    annal = await Annal.start();
    held = await HeldInstance.beside(annal);
    ({ annal: elsewhere, engine } = held);
  });
  after(async () => {
    await held.stop();
    await annal.stop();
  });

  const newSlug = (): string => `t${randomUUID().slice(0, 13)}`;

  const create = (
    at: Annal,
    slug: string,
    token: string,
    key?: string,
  ): Promise<Answer<{ id: string; code?: string }>> =>
    at.call('POST', '/api/v1/tenants', {
      body: { slug, name: 'Acme' },
      token,
      headers: { ...(key !== undefined && { 'idempotency-key': key }) },
    });

  async function reserveAndDie(slug: string): Promise<void> {
    const dead: CommandContext = {
      tenant: systemTenant,
      actor: { kind: 'anonymous' },
      commandId: randomUUID(),
      correlationId: randomUUID(),
      at: annal.clock.now(),
    };
    await annal.container.get(Slugs).reserve(dead, randomUUID() as string as TenantId, slug);
  }

  async function history(): Promise<(type: string) => Promise<readonly object[]>> {
    const before = await annal.head();
    return async (type) =>
      (await eventsAfter(annal, before)).flatMap(({ event }) => (event.type === type ? event : []));
  }

  it('VC-33: a command falls asleep after its reservation; the slug is free after thirty seconds, and the sleeper finds it taken', async () => {
    const [slug, token, typesOf] = [newSlug(), await root(annal), await history()];
    const key = randomUUID();
    const stopped = engine.hold('tenant');
    const slow = create(elsewhere, slug, token, key);
    await stopped.reached;

    annal.clock.advance(reserved - 1);
    expect((await create(annal, slug, token)).body).to.include({ code: 'tenant-slug-taken' });
    annal.clock.advance(1);
    const quick = await create(annal, slug, token);
    expect(quick.status, quick.text).to.equal(201);
    expect(await typesOf('tenant.abandoned')).to.have.length(1);

    stopped.release();
    const late = await slow;
    expect(late.status, late.text).to.equal(409);
    expect(late.body).to.include({ code: 'tenant-slug-taken' });
    expect((await create(elsewhere, slug, token, key)).body).to.include({ code: 'tenant-slug-taken' });
    expect(await typesOf('tenant.created')).to.have.length(1);
    expect(await typesOf('claim.held')).to.have.length(1);
    expect(await typesOf('claim.held')).to.have.nested.property('[0].user', quick.body.id);
    const found = await annal.call('GET', `/api/v1/tenants/${slug}`, { token });
    expect(found.body).to.include({ id: quick.body.id, slug });
  });

  it('VC-33: a command falls asleep, and whoever took its slug dies; repeated with the same key, it makes its tenant after all, once', async () => {
    const [slug, token, typesOf] = [newSlug(), await root(annal), await history()];
    const key = randomUUID();
    const stopped = engine.hold('tenant');
    const slow = create(elsewhere, slug, token, key);
    await stopped.reached;
    annal.clock.advance(reserved);
    await reserveAndDie(slug);
    expect(await typesOf('tenant.abandoned')).to.have.length(1);

    annal.clock.advance(reserved + 1);
    const repeated = await create(annal, slug, token, key);
    expect(repeated.status, repeated.text).to.equal(201);
    stopped.release();
    const late = await slow;
    expect([late.status, late.body.id], late.text).to.deep.equal([201, repeated.body.id]);
    expect((await create(elsewhere, slug, token, key)).body).to.deep.equal(repeated.body);
    expect(await typesOf('tenant.created')).to.have.length(1);
    expect(await typesOf('claim.held')).to.have.length(1);
    const found = await annal.call('GET', `/api/v1/tenants/${slug}`, { token });
    expect(found.body).to.include({ id: repeated.body.id, slug });
  });

  it('VC-33: a command dies before there is a key for its tenant; the slug is free after thirty seconds', async () => {
    const [slug, token] = [newSlug(), await root(annal)];
    await reserveAndDie(slug);

    expect((await create(annal, slug, token)).status).to.equal(409);
    annal.clock.advance(reserved);
    expect((await create(annal, slug, token)).status).to.equal(201);
  });

  it('VC-33: a command dies after its tenant, before it holds the slug; the slug stays its own', async () => {
    const [slug, token, typesOf] = [newSlug(), await root(annal), await history()];
    const atTenant = engine.hold('tenant');
    const slow = create(elsewhere, slug, token);
    await atTenant.reached;
    const atClaim = engine.hold('claim');
    atTenant.release();
    await atClaim.reached;

    annal.clock.advance(reserved);
    expect((await create(annal, slug, token)).status).to.equal(409);
    expect(await typesOf('tenant.abandoned')).to.deep.equal([]);
    atClaim.release();
    expect((await slow).status).to.equal(201);
    expect((await create(annal, slug, token)).status).to.equal(409);
  });

  it('VC-33: nobody hears whether a tenant was made; its slug stays taken, and a retry finds it made', async () => {
    const [slug, token, typesOf] = [newSlug(), await root(annal), await history()];
    const key = randomUUID();
    engine.loseAnswer('tenant');
    expect((await create(elsewhere, slug, token, key)).status).to.equal(503);

    expect((await create(annal, slug, token)).status).to.equal(409);
    annal.clock.advance(reserved + 1);
    expect((await create(annal, slug, token)).status).to.equal(409);
    expect(await typesOf('claim.released')).to.deep.equal([]);
    expect((await create(elsewhere, slug, token, key)).status).to.equal(201);
    expect(await typesOf('tenant.created')).to.have.length(1);
    expect(await typesOf('claim.held')).to.have.length(1);
  });

  it('VC-33: a tenant that was refused gives its slug back at once; one that was removed keeps it for ever', async () => {
    const [slug, token, typesOf] = [newSlug(), await root(annal), await history()];
    expect((await create(annal, `${slug}-`, token)).status).to.equal(422);
    expect(await typesOf('claim.released')).to.have.length((await typesOf('claim.reserved')).length);

    expect((await create(annal, slug, token)).status).to.equal(201);
    const removal = await annal.call('POST', `/api/v1/tenants/${slug}/remove`, { token });
    expect(removal.status, removal.text).to.equal(204);
    annal.clock.advance(reserved + 1);
    expect((await create(annal, slug, token)).status).to.equal(409);
  });
});
