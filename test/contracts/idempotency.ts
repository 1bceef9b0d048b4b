import { expect } from 'chai';
import type { Idempotency, KeyedRequest, StoredAnswer } from '../../src/application/ports/idempotency.js';
import { type Instant, instant, plusSeconds, type TenantId, type UserId } from '../../src/domain/values.js';

export type IdempotencyFixture = Readonly<{
  idempotency: Idempotency;
  /** Sets the clock that the adapter reads. */
  setTime: (at: Instant) => void;
  tenants: readonly [TenantId, TenantId];
  /** Of the first tenant, with keys of their own. */
  people: readonly [UserId, UserId];
  /** Destroys a person's keys. */
  erase: (person: UserId) => Promise<void>;
}>;

const record = '6b1d7a39-5a4f-5d1e-9b0e-0d7a3f2c1b00';
const answer: StoredAnswer = { status: 201, headers: { ETag: '"0"' }, body: '{"id":"Zoë"}' };
const start = instant(Date.UTC(2026, 0, 1));

/** What every store of idempotent requests keeps to. Each spec has an empty one. */
export function idempotencyContract(make: () => Promise<IdempotencyFixture>): void {
  let fixture: IdempotencyFixture;
  let request: KeyedRequest;

  beforeEach(async () => {
    fixture = await make();
    fixture.setTime(start);
    request = { tenant: fixture.tenants[0], record, content: 'post|/people|secret' };
  });

  const claimed = async (wanted: KeyedRequest = request) => {
    const found = await fixture.idempotency.claim(wanted);
    if (found.state !== 'claimed') throw new Error(found.state);
    return found;
  };
  const claim = async (wanted: KeyedRequest = request): Promise<string> => (await claimed(wanted)).lease;

  it('repeats the answer to the same request, exactly', async () => {
    await fixture.idempotency.complete(request, await claim(), answer, []);
    expect(await fixture.idempotency.claim(request)).to.deep.equal({ state: 'done', answer });
  });

  it('lets one of many run', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => fixture.idempotency.claim(request)));
    expect(claims.filter(({ state }) => state === 'claimed')).to.have.length(1);
    expect(claims.filter(({ state }) => state === 'running')).to.have.length(19);
  });

  it('refuses the key for another content, while it runs, when it is done, and after its holder died', async () => {
    const other = { ...request, content: 'post|/people|other' };
    const lease = await claim();
    expect(await fixture.idempotency.claim(other)).to.deep.equal({ state: 'other-content' });
    fixture.setTime(plusSeconds(start, 60));
    expect(await fixture.idempotency.claim(other)).to.deep.equal({ state: 'other-content' });
    await fixture.idempotency.complete(request, lease, answer, []);
    expect(await fixture.idempotency.claim(other)).to.deep.equal({ state: 'other-content' });
  });

  it('hands a claim whose holder died to the next request, and ignores the dead holder after that', async () => {
    const dead = await claim();
    fixture.setTime(plusSeconds(start, 29));
    expect((await fixture.idempotency.claim(request)).state).to.equal('running');
    fixture.setTime(plusSeconds(start, 31));
    const lease = await claim();
    await fixture.idempotency.release(request, dead);
    await fixture.idempotency.complete(request, dead, { ...answer, status: 500 }, []);
    expect((await fixture.idempotency.claim(request)).state).to.equal('running');
    await fixture.idempotency.complete(request, lease, answer, []);
    expect(await fixture.idempotency.claim(request)).to.deep.equal({ state: 'done', answer });
  });

  it('names the same command for the same content, also when the record is gone, and another for another content', async () => {
    const { lease, commandId } = await claimed();
    await fixture.idempotency.release(request, lease);
    const other = await claimed({ ...request, content: 'anything else' });
    await fixture.idempotency.release({ ...request, content: 'anything else' }, other.lease);
    expect((await claimed()).commandId)
      .to.equal(commandId)
      .and.not.equal(other.commandId);
  });

  it('forgets what was released', async () => {
    await fixture.idempotency.release(request, await claim());
    await claim({ ...request, content: 'anything else' });
  });

  it('forgets an answer after a day', async () => {
    await fixture.idempotency.complete(request, await claim(), answer, []);
    fixture.setTime(plusSeconds(start, 86_399));
    expect((await fixture.idempotency.claim(request)).state).to.equal('done');
    expect(await fixture.idempotency.expire(plusSeconds(start, 86_399))).to.equal(0);
    fixture.setTime(plusSeconds(start, 86_400));
    await claim({ ...request, content: 'anything else' });
    expect(await fixture.idempotency.expire(plusSeconds(start, 10 * 86_400))).to.equal(1);
    await claim();
  });

  it('keeps tenants apart', async () => {
    await claim();
    await claim({ ...request, tenant: fixture.tenants[1] });
  });

  it('keeps an answer that shows people until the first of them is erased; then the request is as good as new', async () => {
    const { idempotency, people, erase } = fixture;
    const { lease, commandId } = await claimed();
    await idempotency.complete(request, lease, answer, people);
    expect(await idempotency.claim(request)).to.deep.equal({ state: 'done', answer });
    await erase(people[1]);
    const anew = await claimed();
    expect(anew.commandId).to.equal(commandId);
    // What was found out before the erasure is not kept after it either.
    await idempotency.complete(request, anew.lease, answer, people);
    await claim();
  });

  it('keeps an answer that says only that something was done, whoever is erased', async () => {
    const { idempotency, people, erase } = fixture;
    const done = { status: 204, headers: {}, body: '' };
    await idempotency.complete(request, await claim(), done, people);
    await erase(people[0]);
    await idempotency.forget(request.tenant, people[0]);
    expect(await idempotency.claim(request)).to.deep.equal({ state: 'done', answer: done });
  });

  it('forgets what shows a person, and nothing else', async () => {
    const { idempotency, people } = fixture;
    const other = { ...request, record: record.replace('6b', '7b') };
    await idempotency.complete(request, await claim(), answer, people);
    await idempotency.complete(other, await claim(other), answer, [people[0]]);
    await idempotency.forget(fixture.tenants[1], people[1]);
    expect((await idempotency.claim(request)).state).to.equal('done');
    await idempotency.forget(request.tenant, people[1]);
    await claim();
    expect((await idempotency.claim(other)).state).to.equal('done');
  });
}
