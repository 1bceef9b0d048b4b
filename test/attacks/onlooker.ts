import { expect } from 'chai';
import { type Beat, Pace } from '../../src/application/ports/pace.js';
import type { Answer } from '../support/annal.js';
import type { CountingHasher } from '../support/counting-hasher.js';

/** Counts what is answered on a beat; or keeps time for real, when told to. */
export class WatchedPace extends Pace {
  beats = 0;
  time: Pace | undefined;

  begin(name: string): Beat {
    const beat = this.time?.begin(name);
    return async () => {
      this.beats += 1;
      await beat?.();
    };
  }
}

export type Ask = () => Promise<Answer<unknown>>;

/** Sees of an answer whatever a stranger may. */
export class Onlooker {
  constructor(
    private readonly hasher: CountingHasher,
    private readonly pace: WatchedPace,
  ) {}

  /** Everything that can be told from one answer but the request id and the caller's budget; how many hashes it took, and whether it came on a beat. */
  async trace(ask: Ask): Promise<object> {
    const beats = this.pace.beats;
    let answer: Answer<unknown> | undefined;
    const hashes = await this.hasher.during(async () => {
      answer = await ask();
    });
    const { status, headers, text } = answer as Answer<unknown>;
    const told = [...headers].filter(([name]) => !['date', 'ratelimit', 'x-request-id'].includes(name)).sort();
    const said = text.replace(/"instance":"[^"]*"/, '"instance":""');
    return { status, told, said, hashes, beats: this.pace.beats - beats };
  }

  async expectAlike(asks: Readonly<Record<string, Ask>>, like: object): Promise<void> {
    const [[, first] = [], ...others] = Object.entries(asks);
    const model = await this.trace(first as Ask);
    expect(model).to.include(like);
    for (const [name, ask] of others) expect(await this.trace(ask), name).to.deep.equal(model);
  }
}
