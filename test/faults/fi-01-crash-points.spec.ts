import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { EventLog, type Position } from '../../src/application/ports/event-log.js';
import { Annal, type Answer } from '../support/annal.js';
import { CuttingProxy, type Death } from '../support/cutting-proxy.js';
import { expectModelsAsRebuilt, expectSoundStreams, wholeLog } from '../support/invariants.js';
import { api, newPerson } from '../support/people.js';
import { opens, type Request, retryableCommands } from '../support/retryable-commands.js';
import type { EngineName } from '../support/test-engine.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
/** Every message of every command is one to die at; the short run takes one in so many, others for every command. */
const stride = full ? 1 : 13;
/** Seconds after which a claim of an Idempotency-Key lapses whose holder died. */
const claimLapses = 31;

type Crash = Readonly<{ at: string; answer: Answer<unknown>; events: readonly string[] }>;

for (const engine of ['postgres', 'eventstoredb'] satisfies readonly EngineName[]) {
  describe(`FI-01 an instance that loses its database at any message of a command, on ${engine}`, function () {
    this.timeout(full ? 600_000 : 60_000);
    let survivor: Annal;
    let proxy: CuttingProxy;
    let mortal: Annal;

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

    /** Sends the request to the instance that dies, and again to the one that does not. @returns undefined where it did not die */
    async function crashed(request: Request, death: Death): Promise<Crash | undefined> {
      while ((await mortal.call('GET', '/health/ready')).status !== 200);
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

    async function* crashes(prepare: () => Promise<Request>, offset: number): AsyncGenerator<[Request, Crash]> {
      for (const when of ['unanswered', 'unsent'] as const) {
        for (let messages = 1 + (offset % stride); ; messages += stride) {
          const request = await prepare();
          const crash = await crashed(request, { messages, when });
          if (crash === undefined) break;
          yield [request, crash];
        }
      }
    }

    retryableCommands.forEach(({ name, prepare, endsItsToken }, index) => {
      it(`comes to the same end by a retry elsewhere: ${name}`, async () => {
        const undisturbed = await prepare(survivor);
        const start = await survivor.head();
        const { status } = await send(survivor, undisturbed, randomUUID());
        const expected = { status, events: await typesSince(start) };

        for await (const [request, { at, answer, events }] of crashes(() => prepare(survivor), 3 * index)) {
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
      });
    });

    it('refreshes once, or ends the family of a token that is sent again', async () => {
      const prepare = async (): Promise<Request> => {
        const { refreshToken } = await newPerson(survivor);
        return { method: 'POST', path: `${api}/tokens/refresh`, body: { refreshToken } };
      };
      for await (const [, { at, answer, events }] of crashes(prepare, 2)) {
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
