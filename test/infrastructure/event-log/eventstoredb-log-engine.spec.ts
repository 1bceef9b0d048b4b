import { logEngineContract } from '../../contracts/log-engine.js';
import { EventStoreDbFixture } from '../../support/eventstoredb-fixture.js';
import { EventStoreDbServer } from '../../support/eventstoredb-server/server.js';

/** Names its streams anew in every run, so that a shared database does. */
const shared = process.env['ANNAL_TEST_EVENTSTORE'];

logEngineContract('the EventStoreDB test server', async () => {
  const server = await new EventStoreDbServer().start();
  return contractOn(server.connectionString, () => server.stop());
});

if (shared !== undefined) logEngineContract('EventStoreDB', () => contractOn(shared));

async function contractOn(connectionString: string, stopServer = async (): Promise<void> => undefined) {
  const fixture = await EventStoreDbFixture.open();
  const another = async () => {
    const engine = fixture.engine(connectionString);
    await engine.start();
    return engine;
  };
  const close = async (): Promise<void> => {
    await fixture.close();
    await stopServer();
  };

  return { engine: await another(), pool: fixture.database.pool, another, close };
}
