import type { Position } from '../../src/application/ports/event-log.js';
import { Clock } from '../../src/application/ports/clock.js';
import { Entropy } from '../../src/application/ports/entropy.js';
import { Freshness, type Visibility } from '../../src/application/ports/freshness.js';
import {
  type Claimed,
  Idempotency,
  type KeyedRequest,
  type StoredAnswer,
} from '../../src/application/ports/idempotency.js';
import { type LogFields, OperatorLog } from '../../src/application/ports/operator-log.js';
import { RateLimits, type RateLimitName, type RateVerdict } from '../../src/application/ports/rate-limits.js';
import { ReadModels, type Standing } from '../../src/application/ports/read-models.js';
import { Readiness } from '../../src/application/ports/readiness.js';
import { Authenticator, type PresentedCredentials, type Requirement } from '../../src/api/access/authentication.js';
import { type TenantRef, Tenants } from '../../src/api/access/tenants.js';
import { instant, type TenantId } from '../../src/domain/values.js';

export const tenantIds: Readonly<Record<string, string>> = {
  acme: '0199a000-0000-7000-8000-00000000000a',
  other: '0199a000-0000-7000-8000-00000000000b',
  asleep: '0199a000-0000-7000-8000-00000000000c',
  system: '0199a000-0000-7000-8000-000000000000',
};

export class SampleTenants extends Tenants {
  async resolve(slug: string) {
    const id = Object.hasOwn(tenantIds, slug) ? (tenantIds[slug] as TenantId) : undefined;
    return id && { id, slug, suspended: slug === 'asleep' };
  }
}

/** Tokens read `<tenant slug>:<user>:<user | admin>`. */
export class SampleAuthenticator extends Authenticator {
  async authenticate(issuer: TenantRef, { authorization }: PresentedCredentials) {
    if (authorization === undefined) return { failure: 'missing' } as const;
    const match = /^Bearer ([a-z]+):([a-z]+):(user|admin)$/.exec(authorization);
    if (match === null || match[1] !== issuer.slug) return { failure: 'invalid-token' } as const;

    return {
      principal: { actor: { kind: 'user', tenant: issuer.id, id: match[2] ?? '' }, scopes: [match[3] ?? ''] },
    } as const;
  }

  async permits({ scopes }: { scopes: readonly string[] }, { access }: Requirement) {
    return access === 'user' || scopes.includes('admin');
  }
}

export class SampleRateLimits extends RateLimits {
  left = new Map<string, number>();

  async consume(limiter: RateLimitName, key: string): Promise<RateVerdict> {
    const left = (this.left.get(limiter) ?? 1_000_000) - 1;
    this.left.set(limiter, left);
    this.keys.push(key);
    return { allowed: left >= 0, limit: 10, remaining: Math.max(0, left), resetSeconds: 7, windowSeconds: 60 };
  }

  readonly keys: string[] = [];
}

export class SampleIdempotency extends Idempotency {
  readonly answers = new Map<string, { content: string; answer?: StoredAnswer }>();

  async claim({ record, content }: KeyedRequest): Promise<Claimed> {
    const known = this.answers.get(record);
    if (known === undefined) {
      this.answers.set(record, { content });
      return { state: 'claimed', lease: 'lease', commandId: record };
    }
    if (known.content !== content) return { state: 'other-content' };
    return known.answer ? { state: 'done', answer: known.answer } : { state: 'running', retryAfterSeconds: 1 };
  }

  async complete({ record, content }: KeyedRequest, _lease: string, answer: StoredAnswer): Promise<void> {
    this.answers.set(record, { content, answer });
  }

  async release({ record }: KeyedRequest): Promise<void> {
    this.answers.delete(record);
  }

  forget = async (): Promise<void> => undefined;
  expire = async (): Promise<number> => 0;
}

export class SampleFreshness extends Freshness {
  visibility: Visibility = 'visible';
  readonly waits: (readonly [Position, readonly string[]])[] = [];

  async waitFor(position: Position, readModels: readonly string[]): Promise<Visibility> {
    this.waits.push([position, readModels]);
    return this.visibility;
  }
}

export class SampleReadModels extends ReadModels {
  now: Standing = 'serving';
  readonly asked: (readonly [string, TenantId | undefined])[] = [];

  async standing(readModel: string, tenant?: TenantId): Promise<Standing> {
    this.asked.push([readModel, tenant]);
    return this.now;
  }

  async status() {
    return [];
  }
}

export class SampleReadiness extends Readiness {
  healthy = true;
  checks = async () => [{ name: 'postgres', healthy: this.healthy, detail: 'a detail for the operator' }];
}

export class SampleClock extends Clock {
  now = () => instant(Date.UTC(2026, 0, 1));
}

export class SampleEntropy extends Entropy {
  private count = 0;
  uuid = () => `0199b000-0000-7000-8000-${String(++this.count).padStart(12, '0')}`;
  derived = (namespace: string, name: string) => `${namespace}/${name}`;
  bytes = (length: number) => new Uint8Array(length);
  digits = (length: number) => '0'.repeat(length);
  token = () => `token${++this.count}`;
}

export type LogLine = Readonly<{ level: string; event: string; fields: LogFields; error: unknown }>;

export class SampleLog extends OperatorLog {
  readonly lines: LogLine[] = [];
  info = (event: string, fields: LogFields = {}) => this.add('info', event, fields, undefined);
  warn = (event: string, fields: LogFields = {}, error?: unknown) => this.add('warn', event, fields, error);
  error = (event: string, fields: LogFields = {}, error?: unknown) => this.add('error', event, fields, error);

  private add(level: string, event: string, fields: LogFields, error: unknown): void {
    this.lines.push({ level, event, fields, error });
  }
}
