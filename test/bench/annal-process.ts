import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseConnection } from '../../src/infrastructure/postgres-supervisor/endpoint.js';
import { urlOf } from './bench-server.js';
import { Served } from './served.js';

export const password = 'correct horse battery staple';
export const api = '/t/default/api/v1';
const administrator = 'root@example.com';

export type Tokens = Readonly<{ accessToken: string; refreshToken: string }>;
type AnnalOptions = Readonly<{
  /** `service`: as composed; `command`: through the command line, as an operator starts it. */
  program?: 'service' | 'command';
  cheapHashes?: boolean;
  rootKey?: string;
}>;

const programs = {
  service: { url: new URL('./service.js', import.meta.url), argv: [] },
  command: { url: new URL('../../../bin/annal.mjs', import.meta.url), argv: ['start'] },
};
const unlimited = ['default', 'protocol', 'sign-in', 'mail', 'registration'].map((name) => `${name}=100000000/60`);

export const newRootKey = (): string => randomBytes(32).toString('base64');

/** The whole service in a process of its own, with every role. */
export class AnnalProcess {
  private constructor(
    readonly served: Served,
    private readonly folder: string,
  ) {}

  static async start(connection: DatabaseConnection, options: AnnalOptions = {}): Promise<AnnalProcess> {
    const { program = 'service', cheapHashes = false, rootKey = newRootKey() } = options;
    const folder = mkdtempSync(join(tmpdir(), 'annal-bench-data-'));
    const { url, argv } = programs[program];
    const env = {
      ANNAL_DATA: folder,
      ANNAL_ROOT_KEY: rootKey,
      ANNAL_ADMIN: `${administrator}:${password}`,
      ANNAL_RATE_LIMITS: unlimited.join(','),
      DATABASE_URL: urlOf(connection),
      ...(cheapHashes && { BENCH_CHEAP_HASHES: '1' }),
    };
    return new AnnalProcess(await Served.start(url, argv, env, '/health/ready'), folder);
  }

  get url(): string {
    return this.served.url;
  }

  /** POSTs JSON. @throws Error unless the answer is a success */
  async post<T>(path: string, body: object, token?: string): Promise<T> {
    return JSON.parse(await this.#send('POST', path, body, token)) as T;
  }

  async put(path: string, body: object, token: string): Promise<void> {
    await this.#send('PUT', path, body, token);
  }

  async #send(method: string, path: string, body: object, token?: string): Promise<string> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status} ${text}`);
    return text;
  }

  async signIn(identifier: string, base = api): Promise<Tokens> {
    return (await this.post<{ tokens: Tokens }>(`${base}/sign-in`, { identifier, password })).tokens;
  }

  /** An installation administrator's access token. */
  async root(): Promise<string> {
    return (await this.signIn(administrator, '/t/system/api/v1')).accessToken;
  }

  /** Accounts that can sign in, made by an administrator. */
  async people(count: number): Promise<readonly string[]> {
    const emails = Array.from({ length: count }, (_, index) => `bench${index}@example.com`);
    const token = await this.root();
    for (const email of emails) {
      await this.post('/api/v1/tenants/default/users', { email, password, verified: true }, token);
    }
    return emails;
  }

  /** `Authorization` of a new confidential client. */
  async client(more: object = {}): Promise<string> {
    const made = await this.post<{ client: string; secret: string }>(
      '/api/v1/tenants/default/clients',
      { name: 'bench', confidential: true, ...more },
      await this.root(),
    );
    return `Basic ${Buffer.from(`${made.client}:${made.secret}`).toString('base64')}`;
  }

  /** From now on the client's tokens are opaque. */
  async opaqueTokens(client: string): Promise<void> {
    const token = await this.root();
    const { policy } = await this.post<{ policy: string }>(
      '/api/v1/tenants/default/token-policies',
      { name: 'Opaque', structure: { format: 'opaque' } },
      token,
    );
    await this.put('/api/v1/tenants/default/token-policy-assignments', { client, policy }, token);
  }

  async stop(): Promise<void> {
    await this.served.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
