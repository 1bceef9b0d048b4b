import { randomBytes } from 'node:crypto';
import type { Place } from './place.js';
import { urlOf } from './durable-server.js';
import { Annal, password, TestClock } from './annal.js';
import {
  expectHistory,
  expectModelsAsRebuilt,
  expectOneMessagePerEvent,
  expectSoundStreams,
  expectUniqueIdentifiers,
  wholeLog,
} from './invariants.js';
import { LoadAdministrator } from './load-administrator.js';
import { LoadClient, type Whereabouts } from './load-client.js';
import { LoadHistory } from './load-history.js';
import { LoadPerson } from './load-person.js';
import { defaults } from '../../src/domain/tenant/settings.js';
import { seededRandom } from './seeded-random.js';

export const administrator = { email: 'root@example.com', password };

/** What a process of the service is configured with; without a server, it runs the one in its data folder. */
export const environmentOf = (place: Omit<Place, 'config'> & Partial<Pick<Place, 'config'>>): NodeJS.ProcessEnv => ({
  ...(place.config && { DATABASE_URL: urlOf(place.config) }),
  ANNAL_DATA: place.folder,
  ANNAL_ROOT_KEY: place.rootKey,
  ANNAL_EVENT_LOG: place.engine,
  ...(place.engine === 'eventstoredb' && { ANNAL_EVENTSTORE: place.eventStore }),
  ANNAL_ADMIN: `${administrator.email}:${administrator.password}`,
  ANNAL_LOG_LEVEL: 'silent',
  ANNAL_PUBLIC_URL: 'http://localhost:4000',
});

/** Seconds; as the policy of a tenant has it that set none. */
const longestLock = defaults.lockout.maxDelaySeconds;

/** Sixteen people who use a service that is mistreated, until they are told to stop. */
export class Load {
  readonly history = new LoadHistory();
  private lives = true;
  private readonly running: Promise<unknown>;

  constructor(
    private readonly service: Whereabouts & Readonly<{ advance: (seconds: number) => void }>,
    seed: string,
    people = 16,
  ) {
    const client = new LoadClient(service, this.history);
    const administration = new LoadAdministrator(client, administrator);
    this.running = Promise.all(
      Array.from({ length: people }, (_, index) =>
        new LoadPerson(client, administration, seededRandom(`${seed}/${index}`)).live(() => this.lives),
      ),
    );
    // Told by `acknowledges` and `stop`; until then a broken load must not end the process.
    this.running.catch(() => undefined);
  }

  /** Resolves once that many more commands have been acknowledged; fails as soon as somebody gave up. */
  async acknowledges(commands: number): Promise<void> {
    await Promise.race([this.history.reaches(this.history.acknowledged + commands), this.running]);
  }

  /** Everybody finishes what they are about; a try whose process died counts, so that somebody may be locked out until then. */
  async stop(): Promise<void> {
    this.lives = false;
    this.service.advance(longestLock);
    await this.running;
  }
}

/** Seconds: later than the clocks of all processes that served, and than the time for which a message that one of them took is hidden. */
const afterAll = 86_400;

/** Looks at an installation that nobody uses any more with instruments of its own: I1 to I7. */
export async function expectNothingLostOrDoubled(place: Place, history: LoadHistory): Promise<void> {
  const clock = new TestClock();
  clock.advance(afterAll);
  const annal = await Annal.start({ place, roles: ['projector', 'outbox'], foundation: { clock } });
  try {
    const events = await wholeLog(annal.container);
    expectSoundStreams(events);
    expectHistory(events, history);
    expectUniqueIdentifiers(events);
    await expectOneMessagePerEvent(annal.database.pool, events);
    await expectModelsAsRebuilt(annal.container);
  } finally {
    await annal.stop();
  }
}

/** Adds to a test's title what it has been through. */
export function report(test: Mocha.Runnable | undefined, ...facts: readonly (string | LoadHistory)[]): void {
  const lines = facts.map((fact) => (typeof fact === 'string' ? fact : `${fact.acknowledged} commands`));
  if (test) test.title += `: ${lines.join(', ')}`;
}

export const newSeed = (): string => process.env['ANNAL_TEST_SEED'] ?? randomBytes(6).toString('hex');
