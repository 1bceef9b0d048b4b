import { type Instant, plusSeconds, secondsBetween, type TenantId } from '../domain/values.js';
import { keyInRole, signingAlgorithms, signingKeys } from '../domain/signingkeys/signing-keys.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext } from './ports/event-log.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { Transactor } from './transactor.js';

/** A current key older than this makes room for the next one. */
const signingKeyDays = 90;

/** Rotates and retires the signing keys of every tenant as time passes. */
export class SigningKeyMaintenance {
  constructor(
    private readonly transactor: Transactor,
    private readonly keys: SigningKeyRing,
    private readonly rows: SecurityRows,
    private readonly entropy: Entropy,
  ) {}

  /** Returns how many keys were rotated. */
  async run(at: Instant): Promise<number> {
    let rotated = 0;
    for (let after: TenantId | undefined; ; ) {
      const page = await this.rows.tenants(100, after);
      for (const { id } of page) rotated += await this.#tenant(id, at);
      after = page.at(-1)?.id;
      if (page.length < 100) return rotated;
    }
  }

  async #tenant(tenant: TenantId, at: Instant): Promise<number> {
    const context: CommandContext = {
      tenant,
      actor: { kind: 'system', id: 'signing-key-maintenance' },
      commandId: this.entropy.uuid(),
      correlationId: this.entropy.uuid(),
      at,
    };
    const { state } = await this.transactor.load(signingKeys, tenant, tenant);
    let rotated = 0;
    for (const algorithm of signingAlgorithms) {
      const current = keyInRole(state, algorithm, 'current');
      if (current === undefined) continue;
      const next = keyInRole(state, algorithm, 'next');
      // Whoever replaced a key may have died before its successor had one.
      if (next === undefined) await this.keys.ensure(context, algorithm);
      const due = secondsBetween(current.since, at) > signingKeyDays * 86_400;
      if (!due || next === undefined || plusSeconds(next.since, 3_600) > at) continue;
      await this.keys.rotate(context, algorithm, false);
      rotated += 1;
    }
    await this.keys.retireOld(context);
    return rotated;
  }
}
