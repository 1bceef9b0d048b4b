import { expect } from 'chai';
import { GatheredQuestions } from '../../src/infrastructure/gathered-questions.js';

type Look = Readonly<{ questions: readonly string[]; answer: () => void; fail: (error: Error) => void }>;

/** Looks that end when the example says so; the answer to a question is the question with a mark. */
function held(looks: number, size = 10) {
  const begun: Look[] = [];
  const gathered = new GatheredQuestions<string, string>(
    (questions) =>
      new Promise((resolve, reject) => {
        begun.push({ questions, answer: () => resolve(questions.map((each) => `${each}!`)), fail: reject });
      }),
    { looks, size, mayBeOneAlone: () => false },
  );
  const asked = () => begun.map(({ questions }) => questions.join(''));
  const look = (index: number): Look => begun[index] as Look;
  return { ask: (question: string) => gathered.ask(question), asked, look };
}

const outcome = (asked: Promise<string>): Promise<string> => asked.catch((error: Error) => error.message);

/** The end of this turn of the event loop. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('gathered questions', () => {
  it('of one turn are asked together, those of the next without waiting for them', async () => {
    const { ask, asked } = held(2);
    void ask('a');
    void ask('b');
    await turn();
    void ask('c');
    await turn();
    expect(asked()).to.deep.equal(['ab', 'c']);
  });

  it('wait together while enough looks are under way, and are never asked in a look that began before them', async () => {
    const { ask, asked, look } = held(1);
    const first = ask('a');
    await turn();
    const second = ask('b');
    await turn();
    const third = ask('c');
    await turn();
    expect(asked()).to.deep.equal(['a']);
    look(0).answer();
    expect(await first).to.equal('a!');
    await turn();
    expect(asked()).to.deep.equal(['a', 'bc']);
    look(1).answer();
    expect(await Promise.all([second, third])).to.deep.equal(['b!', 'c!']);
  });

  it('are asked in looks of limited size, each answered with its own', async () => {
    const { ask, asked, look } = held(1, 2);
    const all = ['a', 'b', 'c', 'd', 'e'].map(ask);
    for (const index of [0, 1, 2]) {
      await turn();
      look(index).answer();
      await all[index * 2];
    }
    expect(asked()).to.deep.equal(['ab', 'cd', 'e']);
    expect(await Promise.all(all)).to.deep.equal(['a!', 'b!', 'c!', 'd!', 'e!']);
  });

  it('fail together with their look, and those that come later are asked again', async () => {
    const { ask, asked, look } = held(1);
    const both = [outcome(ask('a')), outcome(ask('b'))];
    await turn();
    look(0).fail(new Error('gone'));
    expect(await Promise.all(both)).to.deep.equal(['gone', 'gone']);
    void ask('c');
    await turn();
    expect(asked()).to.deep.equal(['ab', 'c']);
  });

  it('do not suffer for one among them that cannot be asked', async () => {
    const gathered = new GatheredQuestions<string, string>(
      async (questions) => {
        if (questions.includes('x')) throw new Error('one of them');
        return questions.map((each) => `${each}!`);
      },
      { looks: 1, size: 10, mayBeOneAlone: () => true },
    );
    const asked = ['a', 'b', 'x', 'c'].map((question) => outcome(gathered.ask(question)));
    expect(await Promise.all(asked)).to.deep.equal(['a!', 'b!', 'one of them', 'c!']);
  });
});
