import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadHistory } from './load-history.js';

/** Where the service is; `known` is an address that has just failed. */
export type Whereabouts = Readonly<{ url: (known?: string) => Promise<string> }>;

export type LoadRequest = Readonly<{ method: string; path: string; body?: object; token?: string }>;
export type LoadAnswer = Readonly<{ status: number; body: Record<string, unknown>; code: string; tries: number }>;

/** Milliseconds between two tries while the service says that it cannot answer now. */
const patience = 20;

/** Answers after which the same request is to be sent again. */
const transient: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** Answers of a request that another one was in the way of. */
const contended: ReadonlySet<string> = new Set(['request-in-progress', 'conflict']);

/** An outcome for good: the same key gets it again for ever, however long one waits. */
export const lockedOut = 'too-many-attempts';

/** Sends requests again, with the same Idempotency-Key, until the outcome is definite. */
export class LoadClient {
  constructor(
    private readonly where: Whereabouts,
    readonly history: LoadHistory,
  ) {}

  async send(request: LoadRequest, key: string = randomUUID()): Promise<LoadAnswer> {
    let failed: string | undefined;
    for (let tries = 1; ; tries += 1) {
      const url = await this.where.url(failed);
      failed = undefined;
      const answer = await once(url, request, key).catch(() => undefined);
      if (answer === undefined) {
        this.history.answered(0, 'no answer');
        // The same address may serve again, so it is only left for another after a pause.
        failed = await Promise.race([this.where.url(url).then(() => url), pause(patience).then(() => undefined)]);
        continue;
      }
      this.history.answered(answer.status, answer.code);
      const again = transient.has(answer.status) ? answer.code !== lockedOut : contended.has(answer.code);
      if (!again) {
        this.history.acknowledge();
        return { ...answer, tries };
      }
      await pause(patience);
    }
  }
}

async function once(
  url: string,
  { method, path, body, token }: LoadRequest,
  key: string,
): Promise<Omit<LoadAnswer, 'tries'>> {
  const media = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const response = await fetch(url + path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: {
      ...(body !== undefined && { 'content-type': media }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      'idempotency-key': key,
    },
  });
  const text = await response.text();
  const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, body: parsed, code: typeof parsed['code'] === 'string' ? parsed['code'] : '' };
}
