import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { EventLog, type Position } from '../../src/application/ports/event-log.js';
import { Annal } from '../support/annal.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { expectModelsAsRebuilt, expectSoundStreams, wholeLog } from '../support/invariants.js';
import { type LoadAnswer, LoadClient } from '../support/load-client.js';
import { LoadHistory } from '../support/load-history.js';
import { root } from '../support/people.js';
import { opens, type Request, type RetryableCommand, retryableCommands } from '../support/retryable-commands.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
const cuts = full ? 1_000 : 50;
/** Cuts after which the administrator signs in again. */
const tokenServes = 8;
/** Seconds after which a claim of an Idempotency-Key lapses that nobody knows of. */
const claimLapses = 31;

type Effect = Readonly<{ status: number; events: readonly string[] }>;

describe(`FI-04 an acknowledgement that is lost on its way, ${cuts} times`, function () {
  this.timeout(full ? 1_800_000 : 60_000);
  let annal: Annal;
  /** Another instance, whose way to PostgreSQL is cut. */
  let beside: Annal;
  let toService: CuttingProxy;
  let toDatabase: CuttingProxy;
  let expected: Map<string, Effect>;
  let administrator: string;

  before(async () => {
    annal = await Annal.start();
    toService = await CuttingProxy.start({ host: '127.0.0.1', port: Number(new URL(annal.url).port) });
    toDatabase = await CuttingProxy.start(annal.place.config);
    const place = { ...annal.place, config: { ...annal.place.config, ...toDatabase.address } };
    beside = await Annal.start({ place, roles: ['api'], foundation: { clock: annal.clock } });
    administrator = await root(annal);
    expected = new Map();
    for (const command of retryableCommands) {
      const { request, start } = await prepared(command, 1);
      const { status } = await client(annal.url).send(request);
      expected.set(command.name, { status, events: await typesSince(start) });
    }
  });
  after(async () => {
    await beside.stop();
    await toDatabase.stop();
    await toService.stop();
    await annal.stop();
  });

  const client = (url: string): LoadClient => new LoadClient({ url: async () => url }, new LoadHistory());

  async function prepared(
    command: RetryableCommand,
    cut: number,
  ): Promise<Readonly<{ request: Request; start: Position }>> {
    if (cut % tokenServes === 0) administrator = await root(annal);
    const request = await command.prepare(annal, administrator);
    return { request, start: await annal.head() };
  }

  async function typesSince(position: Position): Promise<readonly string[]> {
    const page = await annal.container.get(EventLog).readAll(position, 1_000);
    return page.events.map(({ event }) => event.type).sort();
  }

  /** The next command in turn. */
  const commandOf = (cut: number): RetryableCommand => {
    const command = retryableCommands[cut % retryableCommands.length];
    if (command === undefined) throw new Error('there is no command');
    return command;
  };

  /** What was done was done once, and every retry is told the same. */
  async function expectOnce(command: RetryableCommand, request: Request, key: string, start: Position): Promise<void> {
    const first = await client(annal.url).send(request, key);
    const second = await client(annal.url).send(request, key);
    const told = ({ status, body }: LoadAnswer): object => (status < 400 ? { status, body } : { status });
    // Done at last by the first retry, it has ended the token of the second.
    const closed = command.endsItsToken === true && second.status === 401;
    if (!closed) expect(told(second), command.name).to.deep.equal(told(first));
    const { status, events = [] } = expected.get(command.name) ?? {};
    const done = await typesSince(start);
    if (closed && first.status === 401) {
      // Done but for its answer, perhaps before the grant of a session that is over was revoked as well.
      expect(await opens(annal, request.token ?? ''), command.name).to.equal(false);
      expect(events, command.name).to.include.members([...done]);
      expect(done, command.name).to.have.length(new Set(done).size);
    } else {
      expect({ status: first.status, events: done }, command.name).to.deep.equal({ status, events });
    }
  }

  /** @returns the status, if there is one */
  async function once(url: string, { method, path, body, token }: Request, key: string): Promise<number | 'no answer'> {
    const headers = {
      connection: 'close',
      'idempotency-key': key,
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    return fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) }).then(
      ({ status }) => status,
      () => 'no answer' as const,
    );
  }

  async function expectSound(): Promise<void> {
    expectSoundStreams(await wholeLog(annal.container));
    await expectModelsAsRebuilt(annal.container);
  }

  it('between service and client: a retry is told what was done, and nothing is done again', async () => {
    const cutUrl = `http://127.0.0.1:${toService.address.port}`;
    for (let cut = 0; cut < cuts; cut += 1) {
      const command = commandOf(cut);
      const { request, start } = await prepared(command, cut);
      const key = randomUUID();
      const lost = toService.cutAfterAnswer();
      expect(await once(cutUrl, request, key), command.name).to.equal('no answer');
      await lost;
      await expectOnce(command, request, key, start);
    }
    await expectSound();
  });

  it('between PostgreSQL and service: a retry is told what was done, and nothing is done again', async () => {
    let cutIndeed = 0;
    for (let round = 0; cutIndeed < cuts; round += 1) {
      expect(round, 'most commands take so many messages').to.be.below(3 * cuts);
      const command = commandOf(round);
      const { request, start } = await prepared(command, round);
      const key = randomUUID();
      void toDatabase.cutAfterAnswer((7 * round) % 13);
      await once(beside.url, request, key);
      if (!toDatabase.disarm()) cutIndeed += 1;
      annal.clock.advance(claimLapses);
      await expectOnce(command, request, key, start);
    }
    await expectSound();
  });
});
