import { hash } from 'node:crypto';
import { Digests } from '../application/ports/digests.js';

/** Of EdDSA with Ed25519 it is SHA-512 (RFC 8037 section 3.1); of the others here the number in their names. */
const hashOf: Readonly<Record<string, 'sha256' | 'sha512'>> = { EdDSA: 'sha512' };

export class NodeDigests extends Digests {
  sha256(text: string): string {
    return hash('sha256', text, 'base64url');
  }

  leftHalf(algorithm: string, text: string): string {
    const whole = Buffer.from(hash(hashOf[algorithm] ?? 'sha256', text, 'base64url'), 'base64url');
    return whole.subarray(0, whole.length / 2).toString('base64url');
  }
}
