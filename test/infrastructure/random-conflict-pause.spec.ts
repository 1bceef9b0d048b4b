import { expect } from 'chai';
import { NodeEntropy } from '../../src/infrastructure/node-entropy.js';
import { RandomConflictPause } from '../../src/infrastructure/random-conflict-pause.js';

class Drawing extends NodeEntropy {
  constructor(private readonly byte: number) {
    super();
  }

  override bytes(length: number): Uint8Array {
    return new Uint8Array(length).fill(this.byte);
  }
}

describe('the pause after a conflict', () => {
  /** Rounded milliseconds after one, two … conflicts in a row. */
  async function pauses(byte: number, upTo: number): Promise<readonly number[]> {
    const waited: number[] = [];
    const pause = new RandomConflictPause(new Drawing(byte), async (milliseconds) => {
      waited.push(Math.round(milliseconds));
    });
    for (let conflicts = 1; conflicts <= upTo; conflicts++) await pause.after(conflicts);
    return waited;
  }

  it('is none after the first one, and then any time up to a bound that doubles', async () => {
    expect(await pauses(0xff, 9)).to.deep.equal([4, 8, 16, 32, 64, 128, 128, 128]);
    expect(await pauses(0x80, 4)).to.deep.equal([2, 4, 8]);
    expect(await pauses(0, 4)).to.deep.equal([0, 0, 0]);
  });
});
