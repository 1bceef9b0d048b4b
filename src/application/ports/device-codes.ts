import type { Authorized } from '../../domain/authorization/authorized.js';
import type { ClientId, Instant, TenantId } from '../../domain/values.js';

/** What a device asked for (RFC 8628 section 3.1). Neither code is stored. */
export type NewDeviceCode = Readonly<{
  tenant: TenantId;
  deviceCode: string;
  userCode: string;
  client: ClientId;
  scope: readonly string[];
  /** Seconds between two questions of the device. */
  interval: number;
  expiresAt: Instant;
}>;

export type WaitingDevice = Readonly<{ client: ClientId; scope: readonly string[] }>;

export type DeviceAnswer =
  | Readonly<{ status: 'unknown' | 'expired' | 'pending' | 'too-fast' | 'denied' }>
  | Readonly<{ status: 'approved'; authorized: Authorized }>;

/** Devices that wait for somebody to say yes. Each is decided once and redeemed once, by one conditional update each. */
export abstract class DeviceCodes {
  abstract put(code: NewDeviceCode): Promise<void>;
  /** The device that shows this code and still waits. */
  abstract waiting(tenant: TenantId, userCode: string, at: Instant): Promise<WaitingDevice | undefined>;
  /** False where it does not wait any more. */
  abstract decide(tenant: TenantId, userCode: string, verdict: Authorized | 'denied', at: Instant): Promise<boolean>;
  /** A device that asks too soon has to wait five seconds longer from then on (RFC 8628 section 3.5). */
  abstract poll(tenant: TenantId, client: ClientId, deviceCode: string, at: Instant): Promise<DeviceAnswer>;
  abstract expire(before: Instant): Promise<number>;
}
