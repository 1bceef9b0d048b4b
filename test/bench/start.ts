import pg from 'pg';
import type { DatabaseConnection } from '../../src/infrastructure/postgres-supervisor/endpoint.js';
import { EventLog } from '../../src/application/ports/event-log.js';
import { AnnalProcess, newRootKey } from './annal-process.js';
import { BenchServer } from './bench-server.js';
import { onGround } from './ground.js';
import { longLog } from './long-log.js';
import { type Figure, median, milliseconds, type Tell } from './measure.js';
import { seed } from './seeding.js';

const rounds = 5;

/**
 * The command until the first 200 of /health/ready, on a database that was used before: with the few events of a first start, and with a
 * long log that every read model has followed.
 */
export async function benchStart(tell: Tell): Promise<readonly Figure[]> {
  const server = await BenchServer.start();
  const rootKey = newRootKey();
  try {
    const connection = await server.database();
    tell('first start');
    await starts(connection, rootKey, 1);
    const bare = await starts(connection, rootKey, rounds);
    await onGround(connection, rootKey, async (container) => {
      await seed(container, longLog, tell);
      await followed(connection, await container.get(EventLog).head());
    });
    tell('with the long log');
    await starts(connection, rootKey, 1);
    const long = await starts(connection, rootKey, rounds);
    return [
      {
        what: 'start to the first 200, a log of a few events',
        measured: said(bare),
        baseline: '',
        ratio: undefined,
        target: '≤ 2,000 ms',
      },
      {
        what: `start to the first 200, ${longLog.toLocaleString('en')} events`,
        measured: said(long),
        baseline: `${milliseconds(bare.wall)} with a few events`,
        ratio: long.wall / bare.wall,
        target: '≤ 2,000 ms',
      },
    ];
  } finally {
    await server.stop();
  }
}

type Starts = Readonly<{ wall: number; processor: number }>;

const said = ({ wall, processor }: Starts): string => `${milliseconds(wall)}, ${milliseconds(processor)} of processor`;

async function starts(connection: DatabaseConnection, rootKey: string, times: number): Promise<Starts> {
  const [walls, processors]: [number[], number[]] = [[], []];
  for (let time = 0; time < times; time += 1) {
    const annal = await AnnalProcess.start(connection, { program: 'command', rootKey });
    walls.push(annal.served.startMilliseconds);
    processors.push(annal.served.startProcessorMilliseconds ?? Number.NaN);
    await annal.stop();
  }
  return { wall: median(walls), processor: median(processors) };
}

/** Every read model stands at the head, as after it has followed the log; their rows are nothing that a start looks at. */
async function followed(connection: DatabaseConnection, head: string): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query('UPDATE projection_checkpoints SET position = $1', [head]);
  await client.end();
}
