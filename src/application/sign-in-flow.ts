import type { Epochs } from '../domain/session/epochs.js';
import type { IdentifierKind } from '../domain/tenant/settings.js';
import type { AttemptId, ClaimId, ClientId, DeviceId, Instant, TenantId, UserId } from '../domain/values.js';
import type { NextStep } from '../domain/signin/verdict.js';
import type { Vault } from './ports/vault.js';

/** A sign-in that waits for its next step. It travels sealed with the person; the log hears only of outcomes. */
export type SignInFlow = Readonly<{
  user: UserId;
  client: ClientId;
  attempt: AttemptId;
  /** What the person signed in with. */
  identifier: IdentifierKind | 'unknown';
  factors: readonly string[];
  step: NextStep;
  epochs: Epochs;
  device?: DeviceId;
  /** Of somebody who has just registered: the address that waits, whose count wrong codes go on. */
  claim?: ClaimId;
  expiresAt: Instant;
}>;

export const flowSeconds = 600;

export class SignInFlows {
  constructor(private readonly vault: Vault) {}

  seal(tenant: TenantId, flow: SignInFlow): Promise<string> {
    return this.vault.seal(key(tenant), Buffer.from(JSON.stringify(flow)), aad(tenant));
  }

  /** Undefined for anything but an unexpired flow of this tenant. */
  async open(tenant: TenantId, sealed: string, at: Instant): Promise<SignInFlow | undefined> {
    const clear = await this.vault.open(key(tenant), sealed, aad(tenant)).catch(() => undefined);
    if (!clear) return undefined;
    const flow = JSON.parse(Buffer.from(clear).toString('utf8')) as SignInFlow;
    return at < flow.expiresAt ? flow : undefined;
  }
}

const key = (tenant: TenantId) => ({ tenant, scope: 'tenant', id: 'sign-in-flows' }) as const;
const aad = (tenant: TenantId): string => `sign-in-flow|${tenant}`;
