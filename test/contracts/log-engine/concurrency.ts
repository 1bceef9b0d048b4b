import { expect } from 'chai';
import { RevisionConflict } from '../../../src/application/ports/event-log.js';
import type { LogEngine } from '../../../src/infrastructure/event-log/log-engine.js';
import { everythingAfter, ids, newAppend, newStream, type Subject } from './subject.js';

const writers = 64;
const rounds = 6;

/** Appends where it saw the stream end; the id of its event, or undefined when somebody else was faster. */
async function attempt(engine: LogEngine, stream: string): Promise<string | undefined> {
  const [last] = await engine.readBackwards(stream, 1);
  const append = newAppend(stream, last?.revision ?? -1);
  try {
    await engine.append(append);

    return ids(append.events)[0];
  } catch (error) {
    if (error instanceof RevisionConflict) return undefined;
    throw error;
  }
}

export function concurrency(subject: Subject): void {
  it('commits exactly the winners when 64 writers race for one stream from two instances', async () => {
    const { engine, another } = subject();
    const engines = [engine, await another()] as const;
    const stream = newStream();
    const attempts = await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const won: string[] = [];
        for (let round = 0; round < rounds; round += 1) {
          const id = await attempt(engines[writer % 2 === 0 ? 0 : 1], stream);
          if (id !== undefined) won.push(id);
        }
        return won;
      }),
    );
    const events = await engine.read(stream, 0, writers * rounds);

    expect(attempts.flat().length).to.be.greaterThan(rounds - 1);
    expect([...ids(events)].sort()).to.deep.equal(attempts.flat().sort());
    expect(events.map(({ revision }) => revision)).to.deep.equal(events.map((_, index) => index));
  });

  it('keeps every stream gapless and shows every event once when many streams grow at once', async () => {
    const { engine, another } = subject();
    const engines = [engine, await another()] as const;
    const start = await engine.head();
    const grown = await Promise.all(
      Array.from({ length: 32 }, async (_, writer) => {
        const stream = newStream();
        const written: string[] = [];
        for (let n = 0; n < 8; n += 1) {
          const append = newAppend(stream, written.length - 1, 1 + ((writer + n) % 3));
          await engines[n % 2 === 0 ? 0 : 1].append(append);
          written.push(...ids(append.events));
        }
        return { stream, written };
      }),
    );
    const all = await everythingAfter(engine, start, 7);

    expect(all).to.have.length(grown.flatMap(({ written }) => written).length);
    for (const { stream, written } of grown) {
      expect(ids(await engine.read(stream, 0, 100))).to.deep.equal(written);
      const shown = all.filter((event) => event.stream === stream);
      expect(ids(shown)).to.deep.equal(written);
      expect(shown.map(({ revision }) => revision)).to.deep.equal(written.map((_, index) => index));
    }
  });
}
