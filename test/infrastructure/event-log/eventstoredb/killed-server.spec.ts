import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { EventStoreDbFixture, newEvent, newStream, shortTimings } from '../../../support/eventstoredb-fixture.js';

const main = new URL('../../../support/eventstoredb-server/main.js', import.meta.url).pathname;

describe('the EventStoreDB engine, when the server is killed: ', () => {
  const folder = mkdtempSync(join(tmpdir(), 'annal-eventstoredb-'));
  const data = join(folder, 'events.jsonl');
  let child: ChildProcess | undefined;
  let fixture: EventStoreDbFixture;

  before(async () => {
    fixture = await EventStoreDbFixture.open();
  });
  after(async () => {
    child?.kill('SIGKILL');
    await fixture.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Resolves with the connection string, once the server listens. */
  async function serve(port: string): Promise<string> {
    child = spawn(process.execPath, [main, '--port', port, '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    return line.toString().trim();
  }

  async function kill(): Promise<void> {
    child?.kill('SIGKILL');
    if (child !== undefined) await once(child, 'exit');
  }

  it('appends that are under way end as successes, none lost and none doubled', async () => {
    const connectionString = await serve('0');
    const engine = fixture.engine(connectionString, 'test', { ...shortTimings, operation: 15_000 });
    await engine.start();
    const streams = Array.from({ length: 8 }, () => newStream());
    let acknowledged = 0;
    const writers = streams.map(async (stream) => {
      for (let revision = -1; revision < 19; revision += 1) {
        await engine.append({ stream, expectedRevision: revision, events: [newEvent({ revision })], inline: [] });
        acknowledged += 1;
        if (acknowledged === 30 || acknowledged === 90) {
          await kill();
          await serve(new URL(connectionString.replace('esdb', 'http')).port);
        }
      }
    });
    await Promise.all(writers);

    for (const stream of streams) {
      const revisions = (await engine.read(stream, 0, 100)).map(
        (event) => JSON.parse(Buffer.from(event.data).toString()).revision,
      );
      expect(revisions).to.deep.equal(Array.from({ length: 20 }, (_, index) => index - 1));
    }
    expect((await engine.readAll(0n, 1_000)).events).to.have.length(160);
  });
});
