import { createHash, timingSafeEqual } from 'node:crypto';
import { passedProxy } from '../request/client-address.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const loopback = /^(127(\.\d{1,3}){3}|::1)$/;

/** Who may read the metrics: whoever has the token, or, where none is set, this machine. */
export class MetricsAccess {
  private readonly expected: Buffer | undefined;

  constructor(token: string | undefined) {
    this.expected = token === undefined ? undefined : digest(`Bearer ${token}`);
  }

  admits(address: string, header: (name: string) => string | undefined): boolean {
    if (this.expected !== undefined) return timingSafeEqual(this.expected, digest(header('authorization') ?? ''));

    return loopback.test(address) && !passedProxy(header);
  }
}
