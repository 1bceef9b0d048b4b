export type Gathering = Readonly<{
  /** Looks under way at the same time. */
  looks: number;
  /** Questions of one look. */
  size: number;
  /** Whether a failure may be the fault of one question alone, so that each is worth a look of its own. */
  mayBeOneAlone: (error: unknown) => boolean;
}>;

/** Looks that keep service and database at work at the same time; more would only make them smaller. */
export const looksAtDatabase = 2;

type Waiting<Question, Answer> = Readonly<{
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}>;

/**
 * Questions of one turn of the event loop are asked together, and those that come while enough looks are under way wait for one of them
 * to end. No look begins before its questions have come, so every answer is as fresh as if it had been asked for alone.
 */
export class GatheredQuestions<Question, Answer> {
  private waiting: Waiting<Question, Answer>[] = [];
  private underWay = 0;

  /** `lookUp` gives one answer for each question, in their order. */
  constructor(
    private readonly lookUp: (questions: readonly Question[]) => Promise<readonly Answer[]>,
    private readonly gathering: Gathering,
  ) {}

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (this.waiting.length === 1) setImmediate(() => this.next());
    });
  }

  private next(): void {
    const { looks, size } = this.gathering;
    if (this.underWay === looks || this.waiting.length === 0) return;
    const together = this.waiting.splice(0, size);
    this.underWay += 1;
    void this.look(together).finally(() => {
      this.underWay -= 1;
      this.next();
    });
  }

  private async look(together: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.lookUp(together.map(({ question }) => question));
      if (answers.length !== together.length) throw new TypeError('There is not one answer for each question.');
      for (const [index, { resolve }] of together.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      if (together.length > 1 && this.gathering.mayBeOneAlone(error)) {
        for (const one of together) await this.look([one]);
      } else {
        for (const { reject } of together) reject(error);
      }
    }
  }
}
