import { expect } from 'chai';
import { SteadyPace } from '../../src/infrastructure/steady-pace.js';

describe('a steady pace', () => {
  let time = 0;
  /** When works that took so many milliseconds are answered, each counted from its beginning. */
  const answered = async (pace: SteadyPace, name: string, ...took: readonly number[]): Promise<number[]> => {
    const ends: number[] = [];
    for (const each of took) {
      const started = (time += 1_000);
      const beat = pace.begin(name);
      time += each;
      await beat();
      ends.push(Math.round(time - started));
    }
    return ends;
  };
  const steady = (): SteadyPace =>
    new SteadyPace(
      250,
      () => time,
      async (milliseconds) => {
        time += milliseconds;
      },
    );

  it('answers on the beat, whatever the work took', async () => {
    expect(await answered(steady(), 'registrations', 0, 1, 60, 124, 125)).to.deep.equal([250, 250, 250, 250, 250]);
  });

  it('takes a longer beat while works are slow, of that name only', async () => {
    const pace = steady();
    expect(await answered(pace, 'registrations', 300, 20, 180)).to.deep.equal([750, 750, 750]);
    expect(await answered(pace, 'sign-ins', 20)).to.deep.equal([250]);
    const later = await answered(pace, 'registrations', ...Array<number>(60).fill(20));
    expect([later[0], later.at(-1)]).to.deep.equal([750, 250]);
  });

  it('lets nobody wait for ever', async () => {
    expect(await answered(steady(), 'registrations', 4_000, 10, 6_000)).to.deep.equal([5_000, 5_000, 6_000]);
  });
});
