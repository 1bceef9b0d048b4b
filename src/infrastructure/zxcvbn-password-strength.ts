import { Worker } from 'node:worker_threads';
import { PasswordStrength, type Strength } from '../application/ports/password-strength.js';
import type { PasswordPolicy } from '../domain/tenant/settings.js';
import { AdmissionControl } from './admission-control.js';
import { isBlocked } from './blocklist.js';
import type { Question, Score } from './zxcvbn-worker.js';

/**
 * Code points that are scored (the cost grows faster than the length), and words that are looked for, of as many
 * characters.
 */
const scored = 100;
const maxWords = 50;
const strongest = 4;

/**
 * Scores in a thread that is started when the first policy asks for it and ended when none asked for `idleMs`, since
 * its dictionaries take some 100 MB. One password at a time. @throws HashingBusy from `assess` when too many wait
 */
export class ZxcvbnPasswordStrength extends PasswordStrength {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly gate = new AdmissionControl({ concurrency: 1, queue: 32, deadlineMs: 5_000 }),
    private readonly idleMs = 60_000,
  ) {
    super();
  }

  async assess(policy: PasswordPolicy, password: string, words: readonly string[]): Promise<Strength> {
    const blocked = policy.blocklist && isBlocked(password);
    if (policy.minScore === 0) return { blocked, score: strongest };
    const question = {
      password: [...password.normalize('NFKC')].slice(0, scored).join(''),
      words: words.slice(0, maxWords).map((word) => word.slice(0, scored)),
    };

    return { blocked, score: await this.gate.run(() => this.score(question)) };
  }

  async stop(): Promise<void> {
    clearTimeout(this.idle);
    const worker = this.worker;
    this.worker = undefined;
    await worker?.terminate();
  }

  private async score(question: Question): Promise<Score> {
    clearTimeout(this.idle);
    const worker = (this.worker ??= this.started());
    worker.ref();
    try {
      return await answerOf(worker, question);
    } finally {
      worker.unref();
      this.idle = setTimeout(() => void this.stop(), this.idleMs).unref();
    }
  }

  private started(): Worker {
    const worker = new Worker(new URL('./zxcvbn-worker.js', import.meta.url));
    // A thread that breaks is replaced when the next password comes; unheard, the event would end the process.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });

    return worker;
  }
}

/** Milliseconds after which a thread that does not answer is ended. */
const longest = 10_000;

function answerOf(worker: Worker, question: Question): Promise<Score> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => void worker.terminate(), longest);
    const onExit = (): void => {
      clearTimeout(limit);
      reject(new Error('the thread that scores passwords ended'));
    };
    worker.once('exit', onExit);
    worker.once('message', (score: Score) => {
      clearTimeout(limit);
      worker.off('exit', onExit);
      resolve(score);
    });
    worker.postMessage(question);
  });
}
