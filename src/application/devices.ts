import type { DeviceId, TenantId, UserId } from '../domain/values.js';
import type { Vault } from './ports/vault.js';

const form = /^annal_dt_([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/;

/**
 * Device tokens: `annal_dt_<device>.<MAC>`, given out with a success and bound to the person. A device that shows one is counted apart from
 * the rest of the world, so that strangers' wrong guesses never lock it out.
 */
export class Devices {
  constructor(private readonly vault: Vault) {}

  async token(tenant: TenantId, owner: UserId, device: DeviceId): Promise<string> {
    const mac = await this.vault.mac(tenant, 'device-token.v1', `${owner}:${device}`);
    return `annal_dt_${device}.${Buffer.from(mac).toString('base64url')}`;
  }

  /** Of several tokens, those of other people are none. */
  async recognise(tenant: TenantId, owner: UserId, tokens: readonly string[]): Promise<DeviceId | undefined> {
    for (const token of tokens) {
      const device = form.exec(token)?.[1] as DeviceId | undefined;
      if (device !== undefined && (await this.token(tenant, owner, device)) === token) return device;
    }
    return undefined;
  }
}
