import { EventLog, type Position, type Recorded } from '../../src/application/ports/event-log.js';
import type { Annal, Answer } from './annal.js';
import { api, type Person, root, signIn, type Tokens } from './people.js';

/** `ANNAL_TEST_FULL` runs every attack as often as the requirement says; otherwise as often as fits a minute. */
export const full = process.env['ANNAL_TEST_FULL'] !== undefined;
export const times = (reduced: number, whole: number): number => (full ? whole : reduced);

export const inTenant = (slug: string): string => `/t/${slug}/api/v1`;
export const defaultTenant = '/api/v1/tenants/default';

export const many = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** How often each value occurs. */
export function tally(values: readonly (string | number)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

export const statuses = (answers: readonly Answer<unknown>[]): Readonly<Record<string, number>> =>
  tally(answers.map(({ status }) => status));

export const refresh = (annal: Annal, refreshToken: string, more: object = {}, base = api) =>
  annal.call<Tokens & { code?: string; scope?: string }>('POST', `${base}/tokens/refresh`, {
    body: { refreshToken, ...more },
  });

export const me = (annal: Annal, token: string, base = api) => annal.call('GET', `${base}/me`, { token });

/** Everything that was recorded after a position. */
export async function eventsAfter(annal: Annal, position: Position | undefined): Promise<readonly Recorded[]> {
  const found: Recorded[] = [];
  for (let after = position; ; ) {
    const page = await annal.container.get(EventLog).readAll(after, 500);
    found.push(...page.events);
    after = page.upTo;
    if (page.atHead) return found;
  }
}

export const typesAfter = async (annal: Annal, position: Position): Promise<readonly string[]> =>
  (await eventsAfter(annal, position)).map(({ event }) => event.type);

/** Puts a tenant's own settings in force. */
export async function settle(annal: Annal, slug: string, overrides: object): Promise<void> {
  const path = `/api/v1/tenants/${slug}/settings`;
  const { status, text } = await annal.call('PUT', path, { body: { overrides }, token: await root(annal) });
  if (status !== 200) throw new Error(`settings answered ${status} ${text}`);
}

export type TestClient = Readonly<{ id: string; secret: string; basic: string }>;

export async function newClient(annal: Annal, confidential: boolean, slug = 'default'): Promise<TestClient> {
  const { body, status, text } = await annal.call<{ client: string; secret?: string }>(
    'POST',
    `/api/v1/tenants/${slug}/clients`,
    { body: { name: 'Client', confidential }, token: await root(annal) },
  );
  if (status !== 201) throw new Error(`client registration answered ${status} ${text}`);
  return { id: body.client, secret: body.secret ?? '', basic: basic(body.client, body.secret ?? '') };
}

export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** RFC 7662 by a confidential client of the tenant. */
export async function isActive(annal: Annal, client: TestClient, token: string, slug = 'default'): Promise<boolean> {
  const { body, status } = await annal.call<{ active: boolean }>('POST', `/t/${slug}/oauth2/introspect`, {
    form: { token },
    headers: { authorization: client.basic },
  });
  return status === 200 && body.active;
}

/** Another session of a person. */
export async function again(annal: Annal, { email }: Person, base = api): Promise<Tokens> {
  const { body, status, text } = await signIn(annal, email, undefined, base);
  if (!body.tokens) throw new Error(`sign-in answered ${status} ${text}`);
  return body.tokens;
}

/** A text changed in one bit, for every bit of every character, or one bit per character. */
export function flipped(text: string, bits: 'all' | 'one'): readonly string[] {
  const flip = (index: number, bit: number): string =>
    text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ (1 << bit)) + text.slice(index + 1);
  return [...text].flatMap((_, index) =>
    bits === 'all' ? Array.from({ length: 8 }, (_none, bit) => flip(index, bit)) : [flip(index, index % 6)],
  );
}

export const truncated = (text: string): readonly string[] =>
  Array.from({ length: text.length - 1 }, (_, index) => text.slice(0, index + 1));

/** Asks all, few at a time. */
export async function each<T, R>(items: readonly T[], ask: (item: T) => Promise<R>, lanes = 16): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.map((item, index) => [item, index] as const).values();
  const lane = async (): Promise<void> => {
    for (const [item, index] of waiting) results[index] = await ask(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** The next message of a kind after the one whose token is known. */
export async function nextMail(annal: Annal, to: string, kind: string, known: string) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await annal.mail(to, kind);
    if (found.token !== known) return found;
    if (Date.now() > deadline) throw new Error(`no further message ${kind} to ${to}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
