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

describe('gathered questions', () => {
  it('are asked at once when nothing is under way', () => {
    const { ask, asked } = held(2);
    void ask('a');
    void ask('b');
    expect(asked()).to.deep.equal(['a', 'b']);
  });

  it('are asked together when they came while looks were under way, and never in a look that began before them', async () => {
    const { ask, asked, look } = held(1);
    const [first, second, third] = [ask('a'), ask('b'), ask('c')];
    expect(asked()).to.deep.equal(['a']);
    look(0).answer();
    expect(await first).to.equal('a!');
    await Promise.resolve();
    expect(asked()).to.deep.equal(['a', 'bc']);
    look(1).answer();
    expect(await Promise.all([second, third])).to.deep.equal(['b!', 'c!']);
  });

  it('are asked in looks of limited size, each answered with its own', async () => {
    const { ask, asked, look } = held(1, 2);
    const all = ['a', 'b', 'c', 'd', 'e'].map(ask);
    for (const index of [0, 1, 2]) {
      look(index).answer();
      await all[index * 2];
      await Promise.resolve();
    }
    expect(asked()).to.deep.equal(['a', 'bc', 'de']);
    expect(await Promise.all(all)).to.deep.equal(['a!', 'b!', 'c!', 'd!', 'e!']);
  });

  it('fail together with their look, and those that come later are asked again', async () => {
    const { ask, asked, look } = held(1);
    const [first, second] = [ask('a'), outcome(ask('b'))];
    look(0).answer();
    await first;
    await Promise.resolve();
    look(1).fail(new Error('gone'));
    expect(await second).to.equal('gone');
    void ask('c');
    expect(asked()).to.deep.equal(['a', 'b', 'c']);
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
