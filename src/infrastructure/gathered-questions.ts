export type Gathering = Readonly<{
  /** Looks under way at the same time. */
  looks: number;
  /** Questions of one look. */
  size: number;
  /** Whether a failure may be the fault of one question alone, so that each is worth a look of its own. */
  mayBeOneAlone: (error: unknown) => boolean;
}>;

type Waiting<Question, Answer> = Readonly<{
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}>;

/**
 * Questions that come while looks are under way wait for one of them to end and are asked together. No look begins before its questions
 * have come, so every answer is as fresh as if it had been asked for alone; without company a question is asked at once.
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
      this.next();
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
