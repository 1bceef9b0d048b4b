import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { EventLog, type Position } from '../../src/application/ports/event-log.js';
import { milliseconds } from '../../src/domain/values.js';
import { Annal, type Answer } from '../support/annal.js';
import { CuttingProxy, type Death } from '../support/cutting-proxy.js';
import { expectModelsAsRebuilt, expectSoundStreams, wholeLog } from '../support/invariants.js';
import { api, root, visiting } from '../support/people.js';
import { opens, type Request, type RetryableCommand, retryableCommands } from '../support/retryable-commands.js';
import type { EngineName } from '../support/test-engine.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
const waysToDie = ['unanswered', 'unsent'] as const;
/** Milliseconds in which an instance that has its database back is ready again. */
const comesBack = 20_000;
/** Seconds after which a claim of an Idempotency-Key lapses whose holder died. */
const claimLapses = 31;
/** Seconds for which a token of the administrator is used. */
const tokenServes = 200;

function* everyNumber(): Generator<number> {
  for (let number = 1; ; number += 1) yield number;
}

/**
 * Every message of every command is one to die at. The short run takes one for each way to die, others for every command: one of
 * its first half, one of its second half; or an earlier one where the command is over sooner.
 */
function deadlyMessages(messages: number, turn: number, way: number): Iterable<number> {
  const half = Math.ceil(messages / 2);
  if (full) return everyNumber();
  const message = 1 + ((turn + way) % 2) * half + ((7 * turn) % half);
  return [message, Math.ceil(message / 2), Math.ceil(message / 4)];
}

type Crash = Readonly<{ at: string; answer: Answer<unknown>; events: readonly string[] }>;

for (const engine of ['postgres', 'eventstoredb'] satisfies readonly EngineName[]) {
  describe(`FI-01 an instance that loses its database at any message of a command, on ${engine}`, function () {
    this.timeout(full ? 600_000 : 60_000);
    let survivor: Annal;
    let proxy: CuttingProxy;
    let mortal: Annal;
    let administrator = { token: '', until: 0 };

    before(async () => {
      survivor = await Annal.start({ engine });
      proxy = await CuttingProxy.start(survivor.place.config);
      const place = { ...survivor.place, config: { ...survivor.place.config, ...proxy.address } };
      mortal = await Annal.start({ place, roles: ['api'], persistence: 'impatient' });
    });
    after(async () => {
      proxy.heal();
      await mortal.stop();
      await proxy.stop();
      await survivor.stop();
    });

    async function prepared({ prepare }: Pick<RetryableCommand, 'prepare'>): Promise<Request> {
      const now = milliseconds(survivor.clock.now());
      if (now > administrator.until) {
        administrator = { token: await root(survivor), until: now + 1_000 * tokenServes };
      }
      return prepare(survivor, administrator.token);
    }

    async function typesSince(position: Position): Promise<readonly string[]> {
      const page = await survivor.container.get(EventLog).readAll(position, 1_000);
      return page.events.map(({ event }) => event.type).sort();
    }

    const send = (annal: Annal, { method, path, body, token }: Request, key: string): Promise<Answer<unknown>> =>
      annal.call(method, path, {
        headers: { 'idempotency-key': key },
        ...(body && { body }),
        ...(token !== undefined && { token }),
      });

    async function comeBack(): Promise<void> {
      const deadline = performance.now() + comesBack;
      for (;;) {
        const { status, text } = await mortal.call('GET', '/health/ready');
        if (status === 200) return;
        if (performance.now() > deadline)
          throw new Error(`the instance has its database back and is not ready: ${text}`);
      }
    }

    /** How many messages the request takes where nothing is in its way, and what comes of it. */
    async function undisturbed(command: Pick<RetryableCommand, 'prepare'>) {
      const request = await prepared(command);
      const start = await survivor.head();
      proxy.heal();
      const { status } = await send(mortal, request, randomUUID());
      const messages = proxy.passed;
      return { messages, status, events: await typesSince(start) };
    }

    /** Sends the request to the instance that dies, and again to the one that does not. @returns undefined where it did not die */
    async function crashed(request: Request, death: Death): Promise<Crash | undefined> {
      await comeBack();
      const start = await survivor.head();
      const key = randomUUID();
      proxy.dieAt(death);
      await send(mortal, request, key);
      if (!proxy.heal()) return undefined;

      survivor.clock.advance(claimLapses);
      mortal.clock.advance(claimLapses);
      const answer = await send(survivor, request, key);
      return { at: `${death.when} ${death.messages}`, answer, events: await typesSince(start) };
    }

    async function* crashes(
      command: Pick<RetryableCommand, 'prepare'>,
      messages: number,
      turn: number,
    ): AsyncGenerator<[Request, Crash]> {
      for (const [way, when] of waysToDie.entries()) {
        for (const message of deadlyMessages(messages, turn, way)) {
          const request = await prepared(command);
          const crash = await crashed(request, { messages: message, when });
          if (crash !== undefined) yield [request, crash];
          if ((crash === undefined) === full) break;
        }
      }
    }

    retryableCommands.forEach((command, index) => {
      const { name, endsItsToken } = command;
      it(`comes to the same end by a retry elsewhere: ${name}`, async () => {
        const { messages, ...expected } = await undisturbed(command);
        let crashCount = 0;

        for await (const [request, { at, answer, events }] of crashes(command, messages, index)) {
          crashCount += 1;
          if (endsItsToken && answer.status === 401) {
            // Done but for its answer: whatever the token opened is closed, and nothing happened twice.
            expect(await opens(survivor, request.token ?? ''), at).to.equal(false);
            expect(expected.events, at).to.include.members([...events]);
            expect(events, at).to.have.length(new Set(events).size);
          } else {
            expect({ at, status: answer.status, events }, answer.text).to.deep.equal({ at, ...expected });
            if (endsItsToken) expect(await opens(mortal, request.token ?? ''), at).to.equal(false);
          }
        }
        expect(crashCount).to.be.at.least(1);
      });
    });

    it('refreshes once, or ends the family of a token that is sent again', async () => {
      const prepare: RetryableCommand['prepare'] = async (annal, token) => {
        const { refreshToken } = await visiting(annal, token);
        return { method: 'POST', path: `${api}/tokens/refresh`, body: { refreshToken } };
      };
      const { messages } = await undisturbed({ prepare });
      for await (const [, { at, answer, events }] of crashes({ prepare }, messages, retryableCommands.length)) {
        const refreshed = { status: 200, events: ['grant.refreshed'] };
        const ended = {
          status: 400,
          events: ['grant.refreshed', 'grant.reuse-detected', 'grant.revoked', 'session.ended'],
        };
        expect({ status: answer.status, events }, at).to.deep.equal(answer.status === 200 ? refreshed : ended);
      }
    });

    it('leaves read models that equal a fresh rebuild', async () => {
      expectSoundStreams(await wholeLog(survivor.container));
      await expectModelsAsRebuilt(survivor.container);
    });
  });
}
