import type { Authorized } from '../domain/authorization/authorized.js';
import { type ClientId, type GrantId, plusSeconds } from '../domain/values.js';
import type { AuthorizationCodes, Redeemed } from './authorization-codes.js';
import { CommandRejected } from './command-rejected.js';
import type { DeviceCodes, WaitingDevice } from './ports/device-codes.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext } from './ports/event-log.js';

/** Seconds. */
export const deviceCodeSeconds = 600;
export const pollSeconds = 5;

/** RFC 8628 section 6.1: no vowels, so that no words; nothing that is taken for something else. 8 of 20 are 34.5 bits. */
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const userCodeLength = 8;

const form = /^annal_dc_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[0-9A-Za-z]{43}$/;

const refusals = {
  unknown: 'invalid-grant',
  expired: 'expired-token',
  pending: 'authorization-pending',
  'too-fast': 'slow-down',
  denied: 'access-denied',
} as const;

/** As people type it: letters of any case, with or without what stands between them. */
export const typedUserCode = (text: string): string => text.toUpperCase().replace(/[^A-Z]/g, '');

/** Somebody says yes on another device (RFC 8628). As with codes, the device code names the grant that it will be redeemed for. */
export class DeviceAuthorizations {
  constructor(
    private readonly deviceCodes: DeviceCodes,
    private readonly codes: AuthorizationCodes,
    private readonly entropy: Entropy,
  ) {}

  async begin({ tenant, at }: CommandContext, client: ClientId, scope: readonly string[]) {
    const deviceCode = `annal_dc_${this.entropy.uuid()}.${this.entropy.token(256)}`;
    const userCode = this.#userCode();
    const expiresAt = plusSeconds(at, deviceCodeSeconds);
    await this.deviceCodes.put({ tenant, deviceCode, userCode, client, scope, interval: pollSeconds, expiresAt });
    return { deviceCode, userCode: `${userCode.slice(0, 4)}-${userCode.slice(4)}` };
  }

  waiting({ tenant, at }: CommandContext, userCode: string): Promise<WaitingDevice | undefined> {
    return this.deviceCodes.waiting(tenant, userCode, at);
  }

  /** The device gets what the person who says yes may give, and nobody else. */
  decide({ tenant, at }: CommandContext, userCode: string, verdict: Authorized | 'denied'): Promise<boolean> {
    return this.deviceCodes.decide(tenant, userCode, verdict, at);
  }

  /**
   * Everything that stands behind the answer is looked at once more: whoever was locked out since gives nothing.
   * @throws CommandRejected invalid-grant, expired-token, authorization-pending, slow-down, access-denied
   */
  async redeem(context: CommandContext, client: ClientId, deviceCode: string, boundTo?: string): Promise<Redeemed> {
    const grant = form.exec(deviceCode)?.[1] as GrantId | undefined;
    if (grant === undefined) throw new CommandRejected('invalid-grant');
    const answer = await this.deviceCodes.poll(context.tenant, client, deviceCode, context.at);
    if (answer.status !== 'approved') throw new CommandRejected(refusals[answer.status]);
    return this.codes.give(context, grant, answer.authorized, boundTo).catch((error: unknown) => {
      const refused = error instanceof CommandRejected && error.code === 'invalid-grant';
      throw refused ? new CommandRejected('access-denied') : error;
    });
  }

  /** Bytes above the last whole multiple of twenty are drawn again, so that every letter is as likely. */
  #userCode(): string {
    let code = '';
    while (code.length < userCodeLength) {
      const [byte = 255] = this.entropy.bytes(1);
      if (byte < 240) code += alphabet.charAt(byte % alphabet.length);
    }
    return code;
  }
}
