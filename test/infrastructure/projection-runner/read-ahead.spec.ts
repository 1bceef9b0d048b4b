import { expect } from 'chai';
import type { AllPage, Position } from '../../../src/application/ports/event-log.js';
import { ReadAhead } from '../../../src/infrastructure/projection-runner/read-ahead.js';

const at = (number: number): Position => `log.${number}` as Position;
const numberOf = (position: Position | undefined): number => Number(position?.split('.')[1] ?? 0);

/** A log of ten pages that notes what it was asked for. */
function noting(fails: (after: number) => boolean = () => false) {
  const asked: number[] = [];
  const source = new ReadAhead({
    readAll: async (after, max): Promise<AllPage> => {
      const from = numberOf(after);
      asked.push(from);
      if (fails(from)) throw new Error(`no page after ${from}`);
      return { events: [], upTo: at(from + max), atHead: from + max >= 10 };
    },
  });
  return { asked, source };
}

describe('reading ahead', () => {
  it('has asked for the next page when the last one is handed on, and asks for none twice', async () => {
    const { asked, source } = noting();
    const first = await source.readAll(undefined, 4);
    expect(asked).to.deep.equal([0, 4]);
    const second = await source.readAll(first.upTo, 4);
    expect([second.upTo, asked]).to.deep.equal([at(8), [0, 4, 8]]);
  });

  it('does not read past the head', async () => {
    const { asked, source } = noting();
    await source.readAll(at(8), 4);
    expect(asked).to.deep.equal([8]);
  });

  it('reads afresh for whoever goes back, and forgets what was read ahead', async () => {
    const { asked, source } = noting();
    await source.readAll(at(4), 2);
    await source.readAll(at(4), 2);
    expect(asked).to.deep.equal([4, 6, 4, 6]);
  });

  it('reads afresh for another size', async () => {
    const { asked, source } = noting();
    await source.readAll(undefined, 4);
    const { upTo } = await source.readAll(at(4), 1);
    expect([upTo, asked]).to.deep.equal([at(5), [0, 4, 4, 5]]);
  });

  it('hands a failure on to whoever asks for the page, and then reads again', async () => {
    let broken = true;
    const { asked, source } = noting((after) => broken && after === 4);
    await source.readAll(undefined, 4);
    const failure = await source.readAll(at(4), 4).catch((error: Error) => error.message);
    broken = false;
    const { upTo } = await source.readAll(at(4), 4);
    expect([failure, upTo, asked]).to.deep.equal(['no page after 4', at(8), [0, 4, 4, 8]]);
  });
});
