import { credentials } from '../domain/credentials/credentials.js';
import { type CredentialId, secret, type UserId } from '../domain/values.js';
import type { CommandContext } from './ports/event-log.js';
import { HashingBusy, type PasswordHasher } from './ports/password-hasher.js';
import type { Vault } from './ports/vault.js';
import type { Steps } from './steps.js';
import type { Transactor } from './transactor.js';

/** Brings a verifier of older parameters up to date while its password is at hand. */
export class PasswordRehash {
  constructor(
    private readonly transactor: Transactor,
    private readonly hasher: PasswordHasher,
    private readonly vault: Vault,
    private readonly steps: Steps,
  ) {}

  /** A hasher that is busy leaves it to the next sign-in. */
  async replace(context: CommandContext, owner: UserId, replaces: CredentialId, typed: string): Promise<void> {
    const { tenant, at } = context;
    const credential = this.steps.id<CredentialId>(context, 'rehash');
    const verifier = await this.hasher.hash(typed).catch((error: unknown) => {
      if (error instanceof HashingBusy) return undefined;
      throw error;
    });
    if (!verifier) return;
    await this.vault.createKey({ tenant, scope: 'credential', id: credential }, owner);
    const step = this.steps.of(context, 'rehash');
    const { state } = await this.transactor.transact(credentials, owner, step, {
      type: 'RehashPassword',
      user: owner,
      credential,
      verifier: secret(credential, verifier),
      replaces,
      at,
    });
    // A password that was changed meanwhile stays as long as the history asks for it.
    if (state.superseded.includes(replaces)) await this.vault.destroyKey({ tenant, scope: 'credential', id: replaces });
  }
}
