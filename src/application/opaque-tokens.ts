import type { TenantId } from '../domain/values.js';
import { equalInConstantTime } from './constant-time.js';
import type { Vault } from './ports/vault.js';

const form = /^([a-z][a-z0-9_]{1,23})_([0-9a-f]{32})\.[A-Za-z0-9_-]{43}$/;
const groups = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/**
 * Access tokens that say nothing: `<prefix>_<id>.<256 bit MAC>`. The id leads to the fact that the token stands on; the MAC under the
 * tenant's key proves that Annal made it, so that nothing is looked up for what is merely of this form.
 */
export class OpaqueTokens {
  constructor(private readonly vault: Vault) {}

  async make(tenant: TenantId, id: string, prefix: string): Promise<string> {
    const name = `${prefix}_${id.replaceAll('-', '')}`;
    const mac = await this.vault.mac(tenant, 'access-token.v1', name);
    return `${name}.${Buffer.from(mac).toString('base64url')}`;
  }

  /** The id, unless it is not, to the last bit, a token of this tenant. */
  async read(tenant: TenantId, token: string): Promise<string | undefined> {
    const [, prefix = '', name] = form.exec(token) ?? [];
    if (name === undefined) return undefined;
    const id = name.replace(groups, '$1-$2-$3-$4-$5');
    return equalInConstantTime(await this.make(tenant, id, prefix), token) ? id : undefined;
  }
}
