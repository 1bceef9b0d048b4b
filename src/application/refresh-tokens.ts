import { type GrantId, type TenantId, uuidOfHex } from '../domain/values.js';
import { equalInConstantTime } from './constant-time.js';
import type { Vault } from './ports/vault.js';

/** What a refresh token names. */
export type RefreshTokenContent = Readonly<{ grant: GrantId; generation: number }>;

const form = /^annal_rt_([0-9a-f]{32})([0-9a-z]{1,6})\.([A-Za-z0-9_-]{43})$/;

/**
 * Refresh tokens: `annal_rt_<grant><generation>.<256 bit MAC>`. Nothing of them is stored: the MAC under the tenant's key proves that Annal
 * made it, the grant's counter decides whether it is the newest. So an old one is recognised as such, whenever it turns up.
 */
export class RefreshTokens {
  constructor(private readonly vault: Vault) {}

  async make(tenant: TenantId, { grant, generation }: RefreshTokenContent): Promise<string> {
    const name = `${grant.replaceAll('-', '')}${generation.toString(36)}`;
    const mac = await this.vault.mac(tenant, 'refresh-token.v1', name);
    return `annal_rt_${name}.${Buffer.from(mac).toString('base64url')}`;
  }

  /** Undefined unless it is, to the last bit, a token of this tenant. */
  async read(tenant: TenantId, token: string): Promise<RefreshTokenContent | undefined> {
    const [, hex = '', counter = ''] = form.exec(token) ?? [];
    if (hex === '') return undefined;
    const grant = uuidOfHex(hex) as GrantId;
    const content = { grant, generation: Number.parseInt(counter, 36) };
    return equalInConstantTime(await this.make(tenant, content), token) ? content : undefined;
  }
}
