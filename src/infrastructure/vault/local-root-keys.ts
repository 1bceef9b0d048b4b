import { hash, type KeyObject } from 'node:crypto';
import { decrypt, encrypt, keyLength, secretKey } from './aead.js';
import { RootKeyMissing, RootKeys, versionOf } from './root-keys.js';

/** The name of a root key follows from its bytes, so that two different keys are never taken for one another. */
export const versionName = (key: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from('annal root key\0'), key]), 'hex').slice(0, 16);

/** @throws when the text is not the base64 of exactly 32 bytes; the message never contains it */
export function parseRootKey(text: string, source: string): Uint8Array {
  const key = Buffer.from(text, 'base64');
  if (key.length !== keyLength || key.toString('base64') !== text) {
    throw new Error(`${source} must be the base64 text of ${keyLength} bytes (44 characters)`);
  }
  return new Uint8Array(key);
}

/** Root keys held in memory; subclasses know where they come from. */
export abstract class LocalRootKeys extends RootKeys {
  private readonly keys = new Map<string, KeyObject>();
  private newest = '';

  async current(): Promise<string> {
    return this.newest;
  }

  async versions(): Promise<readonly string[]> {
    return [...this.keys.keys()];
  }

  async wrap(key: Uint8Array, aad: string): Promise<string> {
    return `${this.newest}.${encrypt(this.key(this.newest), key, `${this.newest}|${aad}`).toString('base64url')}`;
  }

  async unwrap(wrapped: string, aad: string): Promise<Uint8Array> {
    const version = versionOf(wrapped);
    const sealed = Buffer.from(wrapped.slice(version.length + 1), 'base64url');
    return decrypt(this.key(version), sealed, `${version}|${aad}`);
  }

  /** Replaces what is held; the last one becomes current. */
  protected hold(keys: readonly Uint8Array[]): void {
    this.keys.clear();
    for (const key of keys) {
      this.newest = versionName(key);
      this.keys.set(this.newest, secretKey(key));
    }
  }

  protected knows(version: string): boolean {
    return this.keys.has(version);
  }

  private key(version: string): KeyObject {
    const key = this.keys.get(version);
    if (key === undefined) throw new RootKeyMissing(version);
    return key;
  }
}
