import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Consumed, NewSingleUse, SingleUseKind } from '../../src/application/ports/single-use.js';
import { KeyMissing } from '../../src/application/ports/vault.js';
import { type Instant, instant, plusSeconds, type TenantId } from '../../src/domain/values.js';
import { Database } from '../../src/infrastructure/database.js';
import { insertSingleUse, PostgresSingleUse } from '../../src/infrastructure/postgres-single-use.js';
import { seal } from '../../src/infrastructure/sealed-single-use.js';
import { MemoryVault } from '../support/memory-vault.js';
import { rejection } from '../support/rejection.js';
import { migratedDatabase } from '../support/vault-fixtures.js';

const tenant = '0190a1b2-0000-7000-8000-000000000001' as TenantId;
const other = '0190a1b2-0000-7000-8000-000000000002' as TenantId;
const start = instant(Date.parse('2026-03-01T12:00:00.000Z'));
const moment = (seconds: number): Instant => plusSeconds(start, seconds);
const kinds: readonly SingleUseKind[] = [
  'verify-email',
  'verify-phone',
  'change-email',
  'change-phone',
  'reset-password',
  'invitation',
  'setup',
];
/** Rounds of every race. */
const rounds = process.env['ANNAL_TEST_FULL'] ? 200 : 10;
const newToken = (): string => randomBytes(24).toString('base64url');

describe('single-use artefacts on PostgreSQL', () => {
  let database: Database;
  let close: () => Promise<void>;
  /** The connections of another instance of the service. */
  let second: Database;
  let vault: MemoryVault;
  let singleUse: PostgresSingleUse;
  let elsewhere: PostgresSingleUse;

  before(async () => {
    ({ database, close } = await migratedDatabase());
    second = new Database(database.config);
    vault = new MemoryVault();
    for (const each of [tenant, other]) await vault.createTenant(each);
    singleUse = new PostgresSingleUse(database.pool, vault);
    elsewhere = new PostgresSingleUse(second.pool, vault);
  });

  after(async () => {
    await second.close();
    await close();
  });

  /** A link with a code for somebody new; a link of an hour, a code of ten minutes and three tries. */
  async function made(changes: Partial<NewSingleUse> = {}) {
    const subject = changes.subject ?? randomUUID();
    await vault.createKey({ tenant, scope: 'person', id: subject });
    const artefact = {
      ...{ tenant, kind: 'reset-password', subject, payload: { address: 'ada@example.org' }, sealedFor: 'person' },
      ...{ at: start, expiresAt: moment(3_600), eventId: randomUUID(), token: newToken() },
      ...{ code: '314159', codeExpiresAt: moment(600), maxTries: 3 },
      ...changes,
    } as NewSingleUse & { token: string; code: string };
    await singleUse.put(artefact);
    return artefact;
  }
  const link = (subject: string, changes: object = {}) =>
    made({
      subject,
      code: undefined,
      codeExpiresAt: undefined,
      maxTries: undefined,
      ...changes,
    } as Partial<NewSingleUse>);

  const byToken = (
    { kind, token }: { kind: SingleUseKind; token: string },
    at = moment(1),
    commandId: string = randomUUID(),
    service = singleUse,
  ): Promise<Consumed> => service.consume({ tenant, kind, token, commandId, at });
  const byCode = (
    { kind, subject, code }: { kind: SingleUseKind; subject: string; code: string },
    at = moment(1),
    commandId: string = randomUUID(),
    service = singleUse,
  ): Promise<Consumed> => service.consume({ tenant, kind, subject, code, commandId, at });

  it('gives the payload to whoever presents the token, once', async () => {
    const artefact = await made();
    const { subject, eventId, payload } = artefact;

    expect(await byToken(artefact)).to.deep.equal({ consumed: true, eventId, subject, payload });
    expect(await byToken(artefact)).to.deep.equal({
      consumed: false,
      refusal: 'token-used',
      subject: artefact.subject,
    });
    expect(await byCode(artefact)).to.deep.equal({ consumed: false, refusal: 'wrong-code', triesLeft: 0 });
  });

  it('gives the payload to whoever presents the code for the subject, once', async () => {
    const artefact = await made();

    expect(await byCode(artefact)).to.have.property('consumed', true);
    expect(await byCode(artefact)).to.deep.equal({ consumed: false, refusal: 'wrong-code', triesLeft: 0 });
    expect(await byToken(artefact)).to.deep.equal({
      consumed: false,
      refusal: 'token-used',
      subject: artefact.subject,
    });
  });

  describe('of 50 parallel commands exactly one wins (VC-04)', () => {
    for (const way of ['token', 'code'] as const) {
      for (const kind of kinds) {
        it(`with a ${way} of ${kind}, in ${rounds} rounds over two instances`, async () => {
          for (let round = 0; round < rounds; round += 1) {
            const artefact = await made({ kind });
            const outcomes = await Promise.all(
              Array.from({ length: 50 }, (_, index) => {
                const service = index % 2 ? singleUse : elsewhere;
                const present = way === 'token' ? byToken : byCode;
                return present(artefact, moment(1), `command ${index}`, service);
              }),
            );
            expect(outcomes.filter(({ consumed }) => consumed)).to.have.length(1);
          }
        }).timeout(1_000 * rounds);
      }
    }
  });

  it('lets the command that consumed it complete after a crash, and no other (VC-04)', async () => {
    for (const present of [byToken, byCode]) {
      const artefact = await made();
      const first = await present(artefact, moment(1), 'mine');

      expect(first).to.have.property('consumed', true);
      expect(await present(artefact, moment(9_999), 'mine')).to.deep.equal(first);
      expect(await present(artefact, moment(2), 'other')).to.have.property('consumed', false);
    }
  });

  it('never takes a kind for another (VC-04)', async () => {
    for (const kind of kinds) {
      const artefact = await made({ kind });
      for (const wrong of kinds.filter((each) => each !== kind)) {
        expect(await byToken({ ...artefact, kind: wrong })).to.deep.equal({
          consumed: false,
          refusal: 'unknown-token',
        });
        expect(await byCode({ ...artefact, kind: wrong })).to.have.property('consumed', false);
        expect(await singleUse.peek(tenant, wrong, artefact.token, moment(1))).to.equal(undefined);
      }
      expect(await byCode(artefact)).to.have.property('consumed', true);
    }
  });

  it('never takes a tenant or a subject for another', async () => {
    const [ada, bob] = [await made(), await made({ code: '271828' })];
    const elsewhereAt = { kind: ada.kind, commandId: 'x', at: moment(1), tenant: other };

    expect(await singleUse.consume({ ...elsewhereAt, token: ada.token })).to.have.property('refusal', 'unknown-token');
    expect(await singleUse.consume({ ...elsewhereAt, subject: ada.subject, code: ada.code })).to.have.property(
      'consumed',
      false,
    );
    expect(await byCode({ ...bob, code: ada.code })).to.deep.equal({
      consumed: false,
      refusal: 'wrong-code',
      triesLeft: 2,
    });
  });

  it('takes no token that is not the very one', async () => {
    const artefact = await made();
    const { token } = artefact;
    const flipped = [...token].map((character, place) => {
      const changed = String.fromCharCode(character.charCodeAt(0) ^ 1);
      return token.slice(0, place) + changed + token.slice(place + 1);
    });
    const damaged = [
      ...flipped,
      token.slice(0, -1),
      token.slice(1),
      `${token} `,
      `${token}=`,
      token.toUpperCase(),
      '',
      '\0',
    ];

    for (const wrong of damaged) {
      expect(await byToken({ ...artefact, token: wrong }), wrong).to.deep.equal({
        consumed: false,
        refusal: 'unknown-token',
      });
    }
    expect(await byToken(artefact)).to.have.property('consumed', true);
  });

  describe('ends when it should, to the second (NI-06, NI-09)', () => {
    const boundary: readonly [string, number, boolean][] = [
      ['a second before', -1, true],
      ['at', 0, false],
      ['a second after', 1, false],
    ];
    for (const [name, offset, consumed] of boundary) {
      it(`${consumed ? 'works' : 'is refused'} ${name} the end`, async () => {
        const [linked, coded] = [await made(), await made()];

        expect(await byToken(linked, moment(3_600 + offset))).to.have.property('consumed', consumed);
        expect(await byCode(coded, moment(600 + offset))).to.have.property('consumed', consumed);
      });
    }

    it('keeps the link when the code is over', async () => {
      const artefact = await made();

      expect(await byCode(artefact, moment(600))).to.have.property('consumed', false);
      expect(await byToken(artefact, moment(600))).to.have.property('consumed', true);
    });

    it('says that a link is over', async () => {
      expect(await byToken(await made(), moment(3_600))).to.include({ consumed: false, refusal: 'token-expired' });
    });
  });

  it('ends a code after its last wrong try, and not the link beside it', async () => {
    const artefact = await made();
    const wrong = { ...artefact, code: '000000' };
    const left: unknown[] = [];
    for (let round = 0; round < 4; round += 1) left.push(await byCode(wrong));

    const refused = (triesLeft: number) => ({ consumed: false, refusal: 'wrong-code', triesLeft });
    expect(left).to.deep.equal([refused(2), refused(1), refused(0), refused(0)]);
    expect(await byCode(artefact)).to.deep.equal(refused(0));
    expect(await byToken(artefact)).to.have.property('consumed', true);
  });

  it('answers exactly as many wrong codes as allowed, however many come at once (VC-09)', async () => {
    const artefact = await made();
    const codes = Array.from({ length: 60 }, (_, index) => String(100_000 + index));
    const outcomes = await Promise.all(
      codes.map((code, index) => byCode({ ...artefact, code }, moment(1), code, index % 2 ? singleUse : elsewhere)),
    );
    const { rows } = await database.pool.query('select tries_left from single_use where event_id = $1', [
      artefact.eventId,
    ]);

    const left = outcomes.map((outcome) => (outcome.consumed ? undefined : outcome.triesLeft));
    expect(left.filter((tries) => tries !== 0).toSorted()).to.deep.equal([1, 2]);
    expect(rows).to.deep.equal([{ tries_left: 0 }]);
    expect(await byCode(artefact)).to.have.property('consumed', false);
  });

  it('replaces what is open of the same kind and subject, and only that', async () => {
    const first = await made();
    const { subject } = first;
    const otherKind = await made({ subject, kind: 'verify-email' });
    const again = await made({ subject });

    expect(await byToken(first)).to.deep.equal({ consumed: false, refusal: 'token-revoked', subject: first.subject });
    expect(await byToken(again)).to.have.property('consumed', true);
    expect(await byToken(otherKind)).to.have.property('consumed', true);
  });

  it('keeps older links where that is asked for', async () => {
    const first = await link(randomUUID(), { kind: 'invitation' });
    const again = await link(first.subject, { kind: 'invitation', keepOlder: true });

    expect(await byToken(first)).to.have.property('consumed', true);
    expect(await byToken(again)).to.have.property('consumed', true);
  });

  it('keeps older links and ends their codes where that is asked for', async () => {
    const first = await made({ code: '271828' });
    const { subject } = first;
    const again = await made({ subject, keepOlder: true });

    expect(await byCode(first)).to.deep.include({ consumed: false, refusal: 'wrong-code' });
    expect(await byToken(first)).to.have.property('consumed', true);
    expect(await byCode(again)).to.have.property('consumed', true);
  });

  it('leaves one open code of 20 that are put at once', async () => {
    const subject = randomUUID();
    await vault.createKey({ tenant, scope: 'person', id: subject });
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => made({ subject, code: String(100_000 + index) })),
    );
    const { rows } = await database.pool.query(
      'select event_id from single_use where subject = $1 and revoked_at is null',
      [subject],
    );

    expect(rows).to.have.length(1);
    expect(all.map(({ eventId }) => eventId)).to.include(rows[0].event_id);
  });

  it('changes nothing when the same event puts it again, even after it was used or replaced', async () => {
    const first = await made();
    await singleUse.put({ ...first, token: newToken(), code: '999999' });
    expect(await byToken(first)).to.have.property('consumed', true);
    await singleUse.put(first);
    expect(await byToken(first)).to.have.property('consumed', false);

    const second = await made();
    const newer = await made({ subject: second.subject });
    await singleUse.put(second);
    expect(await byToken(second)).to.have.property('refusal', 'token-revoked');
    expect(await byToken(newer)).to.have.property('consumed', true);
  });

  it('stores an artefact in the transaction of its message, or not at all', async () => {
    const subject = randomUUID();
    await vault.createKey({ tenant, scope: 'person', id: subject });
    const artefact = {
      ...(await made({ subject })),
      eventId: randomUUID(),
      token: newToken(),
      kind: 'verify-email' as const,
    };
    const sealed = await seal(vault, artefact);
    const client = await database.pool.connect();
    await client.query('begin');
    await insertSingleUse(client, sealed);
    await client.query('rollback');
    expect(await byToken(artefact)).to.have.property('refusal', 'unknown-token');
    await client.query('begin');
    await insertSingleUse(client, sealed);
    await client.query('commit');
    client.release();

    expect(await byToken(artefact)).to.have.property('consumed', true);
  });

  it('shows an open link without consuming it', async () => {
    const { kind, token, subject, eventId, payload, expiresAt } = await made();

    for (let round = 0; round < 3; round += 1) {
      expect(await singleUse.peek(tenant, kind, token, moment(1))).to.deep.equal({
        eventId,
        subject,
        payload,
        expiresAt,
      });
    }
    expect(await singleUse.peek(tenant, kind, token, moment(3_600))).to.equal(undefined);
    await byToken({ kind, token });
    expect(await singleUse.peek(tenant, kind, token, moment(1))).to.equal(undefined);
  });

  it('revokes what a subject has open, of one kind or of all', async () => {
    const reset = await made();
    const { subject } = reset;
    const [verify, change] = [
      await made({ subject, kind: 'verify-email' }),
      await made({ subject, kind: 'change-email' }),
    ];
    await singleUse.revoke(tenant, subject, moment(1), 'reset-password');

    expect(await byToken(reset)).to.have.property('refusal', 'token-revoked');
    expect(await byToken(verify)).to.have.property('consumed', true);
    await singleUse.revoke(tenant, subject, moment(1));
    expect(await byToken(change)).to.have.property('refusal', 'token-revoked');
  });

  it('ends everything open after a restore', async () => {
    const [reset, invitation] = [await made(), await link(randomUUID(), { kind: 'invitation' })];

    expect(await singleUse.invalidateAll(moment(1))).to.be.at.least(2);
    expect(await byToken(reset)).to.have.property('refusal', 'token-revoked');
    expect(await byCode(reset)).to.have.property('consumed', false);
    expect(await byToken(invitation)).to.have.property('refusal', 'token-revoked');
    expect(await singleUse.invalidateAll(moment(2))).to.equal(0);
  });

  it('deletes what ended', async () => {
    const [old, recent] = [await made(), await made({ expiresAt: moment(7_200) })];

    expect(await singleUse.expire(moment(3_601))).to.be.at.least(1);
    expect(await byToken(old)).to.have.property('refusal', 'unknown-token');
    expect(await byToken(recent)).to.have.property('consumed', true);
  });

  it('stores neither token nor code nor payload in clear', async () => {
    const { eventId, token, code } = await made();
    const { rows } = await database.pool.query('select single_use::text as row from single_use where event_id = $1', [
      eventId,
    ]);
    const row: string = rows[0].row;

    for (const secret of [
      token,
      code,
      'ada@example.org',
      Buffer.from(token).toString('hex'),
      Buffer.from('ada@').toString('hex'),
    ]) {
      expect(row).not.to.contain(secret);
    }
  });

  it('does nothing for a person who was erased', async () => {
    const [linked, coded] = [await made(), await made()];
    for (const { subject } of [linked, coded]) await vault.destroyKey({ tenant, scope: 'person', id: subject });

    expect(await singleUse.peek(tenant, linked.kind, linked.token, moment(1))).to.equal(undefined);
    expect(await byToken(linked)).to.deep.equal({ consumed: false, refusal: 'token-revoked' });
    expect(await byCode(coded)).to.deep.equal({ consumed: false, refusal: 'wrong-code' });
    expect(await rejection(singleUse.put({ ...linked, eventId: randomUUID(), token: newToken() }))).to.be.instanceOf(
      KeyMissing,
    );
  });

  it('seals for the tenant what is for nobody yet', async () => {
    const invitation = await link(randomUUID(), { kind: 'invitation', sealedFor: 'tenant' });
    await vault.destroyKey({ tenant, scope: 'person', id: invitation.subject });

    expect(await byToken(invitation)).to.have.property('consumed', true);
  });

  it('refuses tokens of less than 160 bits and codes that outlive their link', async () => {
    const artefact = await made();

    expect(await rejection(singleUse.put({ ...artefact, token: 'short', eventId: randomUUID() }))).to.be.instanceOf(
      RangeError,
    );
    expect(
      await rejection(singleUse.put({ ...artefact, codeExpiresAt: moment(3_601), eventId: randomUUID() })),
    ).to.be.instanceOf(RangeError);
    expect(await byToken(artefact)).to.have.property('consumed', true);
  });
});
