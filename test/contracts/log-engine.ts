import { appending } from './log-engine/appending.js';
import { concurrency } from './log-engine/concurrency.js';
import { inlineRows } from './log-engine/inline-rows.js';
import { growth, readingEverything, readingStreams } from './log-engine/reading.js';
import type { LogEngineFixture, Subject } from './log-engine/subject.js';

export type { LogEngineFixture } from './log-engine/subject.js';

/** What every engine of the event log keeps to. The engine and its log are made once; every spec has streams of its own. */
export function logEngineContract(name: string, makeEngine: () => Promise<LogEngineFixture>): void {
  describe(`the log on ${name}`, () => {
    let fixture: LogEngineFixture | undefined;
    const subject: Subject = () => {
      if (fixture === undefined) throw new Error('the engine has not been made');
      return fixture;
    };

    before(async () => {
      fixture = await makeEngine();
    });
    after(async () => fixture?.close());

    describe('appends', () => appending(subject));
    describe('reads one stream', () => readingStreams(subject));
    describe('reads all streams', () => readingEverything(subject));
    describe('grows', () => growth(subject));
    describe('inline rows', () => inlineRows(subject));
    describe('many writers', () => concurrency(subject));
  });
}
