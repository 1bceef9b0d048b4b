import { expect } from 'chai';
import { SteadyPace } from '../../src/infrastructure/steady-pace.js';

describe('a steady pace', () => {
  it('waits for the next beat since the beginning', async () => {
    let time = 1_000;
    const waits: number[] = [];
    const pace = new SteadyPace(
      250,
      () => time,
      async (milliseconds) => {
        waits.push(milliseconds);
      },
    );
    for (const took of [1, 100, 249, 250, 251, 600]) {
      const beat = pace.begin();
      time += took;
      await beat();
    }
    expect(waits).to.deep.equal([249, 150, 1, 0, 249, 150]);
  });
});
