import { expect } from 'chai';
import fc from 'fast-check';
import { CommandRejected } from '../../src/application/command-rejected.js';
import { LogUnavailable } from '../../src/application/ports/event-log.js';
import { plusSeconds } from '../../src/domain/values.js';
import { day, minute } from '../support/moments.js';
import { type LifeEvent, type Mail, type Name, Recovery } from './recovery.js';

type Address = Name | 'nobody';
/** Which of the mails an attempt uses; where there is none such, what is typed was never sent. */
type Pick = 'newest' | 'older' | 'of another kind' | 'none';
type Step =
  | Readonly<{ do: 'ask'; who: Address }>
  | Readonly<{ do: 'send'; kind: 'verify-email' | 'invitation'; to: Name }>
  | Readonly<{ do: 'link'; mail: Pick; lost?: 'request' | 'answer' }>
  | Readonly<{ do: 'code'; mail: Pick; who: Address; lost?: 'request' | 'answer' }>
  | Readonly<{ do: 'accept'; mail: Pick; lost?: 'request' | 'answer' }>
  | Readonly<{ do: 'empty'; what: 'link' | 'code' | 'accept' }>
  | Readonly<{ do: 'again' }>
  | Readonly<{ do: 'live'; who: Name; event: LifeEvent }>
  | Readonly<{ do: 'wait'; seconds: number }>;

/** A way in, presented by one command. */
type Attempt = Readonly<{ command: string; by: 'link' | 'code' | 'accept'; typed: string; who: Address }>;
/** A mail with what became of it. */
type Proof = Mail & { revoked: boolean; spentBy?: string; tries: number };

const names: readonly Name[] = ['ada', 'bob'];
const addressOf = (who: Address): string => `${who}@example.org`;
const mail = fc.constantFrom<Pick>('newest', 'newest', 'newest', 'newest', 'older', 'older', 'of another kind', 'none');
const lost = fc.constantFrom<'request' | 'answer'>('request', 'answer');
const who = fc.constantFrom<Address>('ada', 'ada', 'ada', 'bob', 'nobody');
const name = fc.constantFrom(...names);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('ask'), who }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('send'), kind: fc.constantFrom('verify-email', 'invitation'), to: name }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('link'), mail, lost }, { requiredKeys: ['do', 'mail'] }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('code'), mail, who, lost }, { requiredKeys: ['do', 'mail', 'who'] }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('accept'), mail, lost }, { requiredKeys: ['do', 'mail'] }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('empty'), what: fc.constantFrom('link', 'code', 'accept') }) },
  { weight: 4, arbitrary: fc.constant({ do: 'again' } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('live'),
      who: name,
      event: fc.constantFrom(
        'suspend',
        'reactivate',
        'reactivate',
        'deactivate',
        'undelete',
        'undelete',
        'invite again',
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.constantFrom(minute, 11 * minute, day) }) },
);

const kindFor = (by: Attempt['by']): Mail['kind'] => (by === 'accept' ? 'invitation' : 'reset-password');

/** Plays a story and watches whose password changes. */
class Witness {
  passwords = 0;
  private readonly recovery = new Recovery();
  private readonly proofs: Proof[] = [];
  private last: Attempt | undefined;
  private commands = 0;

  open(): Promise<void> {
    return this.recovery.open();
  }

  async play(one: Step): Promise<void> {
    const command = `step-${++this.commands}`;
    switch (one.do) {
      case 'ask':
        return this.got(await this.recovery.ask(command, addressOf(one.who)));
      case 'send':
        return this.got(await this.recovery.send(one.kind, one.to));
      case 'live':
        return this.live(command, one.who, one.event);
      case 'wait':
        this.recovery.now = plusSeconds(this.recovery.now, one.seconds);
        return;
      case 'empty':
        return this.attempt({ command, by: one.what, typed: '', who: 'ada' });
      case 'again':
        return this.last && this.attempt(this.last);
      case 'link':
      case 'code':
      case 'accept': {
        const found = this.picked(one.mail, kindFor(one.do));
        const typed = one.do === 'code' ? (found?.code ?? '000000') : (found?.token ?? 'token-never-sent');
        this.recovery.log.losing = one.lost;
        return this.attempt({ command, by: one.do, typed, who: one.do === 'code' ? one.who : (found?.to ?? 'nobody') });
      }
    }
  }

  /** Whoever is kept out keeps no way in that was sent before; of invitations only the newest is good. */
  private async live(command: string, who: Name, event: LifeEvent): Promise<void> {
    const before = await this.recovery.statusOf(who);
    await this.recovery.live(command, who, event).catch(isRefusal);
    const after = await this.recovery.statusOf(who);
    const keptOut = before !== after && (after === 'suspended' || after === 'deactivated');
    const invitedAgain = event === 'invite again' && after === 'invited';
    for (const one of this.proofs) {
      if (one.to === who && (keptOut || (invitedAgain && one.kind === 'invitation'))) one.revoked = true;
    }
  }

  private picked(pick: Pick, kind: Mail['kind']): Proof | undefined {
    const alike = this.proofs.filter((one) => one.kind === kind);
    const others = this.proofs.filter((one) => one.kind !== kind);
    const rows = { newest: alike.at(-1), older: alike.at(-2), 'of another kind': others.at(-1), none: undefined };
    return rows[pick];
  }

  private got(sent: Mail | undefined): void {
    if (!sent) return;
    for (const older of this.proofs) {
      if (older.kind === sent.kind && older.to === sent.to && older.spentBy === undefined) older.revoked = true;
    }
    this.proofs.push({ ...sent, revoked: false, tries: 5 });
  }

  private async attempt(attempt: Attempt): Promise<void> {
    const { recovery } = this;
    const before = await Promise.all(names.map((one) => recovery.credentialOf(one)));
    const statuses = await Promise.all(names.map((one) => recovery.statusOf(one)));
    const proof = this.proofFor(attempt);
    const repeated = proof?.spentBy === attempt.command;
    const admitted = proof && this.admits(attempt, statuses[names.indexOf(proof.to)] ?? '', repeated);

    const error = await this.enter(attempt);
    recovery.log.losing = undefined;
    this.last = attempt;
    const after = await Promise.all(names.map((one) => recovery.credentialOf(one)));
    const changed = names.filter((_, index) => before[index] !== after[index]);
    this.passwords += changed.length;

    const tale = JSON.stringify({ attempt, proof, statuses, error: error?.message });
    if (changed.length > 0) expect(changed, `only the proof's owner: ${tale}`).to.deep.equal([proof?.to]);
    if (changed.length > 0) expect(admitted, `a proof spent by the same command: ${tale}`).to.equal(true);
    if (admitted && !repeated && !error) expect(changed, `a good proof is enough: ${tale}`).to.deep.equal([proof.to]);
    if (admitted && !repeated)
      expect(error instanceof CommandRejected, `a good proof is not refused: ${tale}`).to.equal(false);
    this.settle(attempt, proof, admitted === true, error);
  }

  private settle(
    { command, by, who: typedFor }: Attempt,
    proof: Proof | undefined,
    admitted: boolean,
    error?: Error,
  ): void {
    if (proof && admitted) {
      proof.spentBy = command;
      const others = this.proofs.filter((one) => one.kind === 'reset-password' && one.to === proof.to);
      if (!error && by !== 'accept') for (const one of others) if (one.spentBy === undefined) one.revoked = true;
    } else if (by === 'code' && !proof) {
      const open = this.proofs.find((one) => one.to === typedFor && this.codeIsOpen(one));
      if (open) open.tries--;
    }
  }

  /** What was sent, is typed by its owner in the right place, and is open or was spent by the same command. */
  private proofFor({ command, by, typed, who: typedFor }: Attempt): Proof | undefined {
    const kind = kindFor(by);
    return this.proofs.find((one) => {
      if (one.kind !== kind) return false;
      if (by === 'code')
        return one.to === typedFor && one.code === typed && (one.spentBy === command || this.codeIsOpen(one));
      return one.token === typed && (one.spentBy === command || this.linkIsOpen(one));
    });
  }

  private admits({ by }: Attempt, status: string, repeated: boolean): boolean {
    if (by === 'accept') return status === 'invited' || (repeated && status === 'active');
    return status === 'active';
  }

  private linkIsOpen({ spentBy, revoked, sentAt }: Proof): boolean {
    return spentBy === undefined && !revoked && this.recovery.now < plusSeconds(sentAt, day);
  }

  private codeIsOpen(proof: Proof): boolean {
    const ends = plusSeconds(proof.sentAt, 10 * minute);
    return proof.kind === 'reset-password' && this.linkIsOpen(proof) && proof.tries > 0 && this.recovery.now < ends;
  }

  private async enter({ command, by, typed, who: typedFor }: Attempt): Promise<Error | undefined> {
    const password = `a password of attempt ${++this.commands}`;
    try {
      if (by === 'accept') await this.recovery.accept(command, typed, password);
      else if (by === 'link') await this.recovery.reset(command, { token: typed }, password);
      else await this.recovery.reset(command, { code: typed, identifier: addressOf(typedFor) }, password);
      return undefined;
    } catch (error) {
      if (error instanceof CommandRejected || error instanceof LogUnavailable) return error;
      throw error;
    }
  }
}

function isRefusal(error: unknown): void {
  if (!(error instanceof CommandRejected)) throw error;
}

const stories = process.env['ANNAL_TEST_FULL'] ? 12_000 : 300;
const seed = Number(process.env['ANNAL_TEST_SEED'] ?? 1);

describe('an attacker who plays the steps of recovery in any order, leaves some out and repeats others (VC-07)', () => {
  it(`sets no password without a proof that the same command spends, in ${stories} stories`, async function () {
    this.timeout(600_000);
    let passwords = 0;
    const played = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), async (story) => {
      const witness = new Witness();
      await witness.open();
      for (const one of story) await witness.play(one);
      passwords += witness.passwords;
    });
    const told = await fc.check(played, { seed, numRuns: stories });
    if (told.failed) throw new Error(`ANNAL_TEST_SEED=${seed} tells this again. ${fc.defaultReportMessage(told)}`);
    expect(passwords, 'passwords set by those who may').to.be.greaterThan(stories / 4);
  });

  const ways: readonly (readonly [
    what: string,
    enter: (recovery: Recovery, sent: Mail, command: string) => Promise<void>,
  ])[] = [
    ['link', (recovery, { token }, command) => recovery.reset(command, { token }, `a password of ${command}`)],
    [
      'code',
      (recovery, { code }, command) =>
        recovery.reset(command, { code, identifier: addressOf('ada') }, `a password of ${command}`),
    ],
    ['invitation', (recovery, { token }, command) => recovery.accept(command, token, `a password of ${command}`)],
  ];
  for (const [what, enter] of ways) {
    it(`sets one password where one ${what} is presented by ten commands at once`, async () => {
      const recovery = new Recovery();
      await recovery.open();
      const sent = await (what === 'invitation'
        ? recovery.send('invitation', 'bob')
        : recovery.ask('asked', addressOf('ada')));
      const commands = Array.from({ length: 10 }, (_, index) => `command-${index}`);
      const ends = await Promise.allSettled(commands.map((command) => enter(recovery, sent ?? expect.fail(), command)));
      expect(ends.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      for (const end of ends)
        if (end.status === 'rejected') expect(end.reason).to.have.property('code', 'invalid-proof');
      // The one that Ada forgot, and the new one.
      expect(
        recovery.log.appends.flatMap(({ events }) => events.map(({ type }) => type)).filter(setsPassword),
      ).to.have.length(2);
    });
  }
});

const setsPassword = (type: string): boolean =>
  ['credentials.password-set', 'credentials.password-reset'].includes(type);
