import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { SealBroken } from '../../application/ports/vault.js';

const algorithm = 'aes-256-gcm';
export const keyLength = 32;
/** 96 bits, random: safe for fewer than 2^32 messages under one key (NIST SP 800-38D section 8.3). */
const nonceLength = 12;
const tagLength = 16;

/** As an object of OpenSSL: ready for use (from bytes every use costs three times as much), and nothing prints it. */
export const secretKey = (bytes: Uint8Array): KeyObject => createSecretKey(bytes);

/** AES-256-GCM. The answer is nonce, ciphertext and tag, in this order. */
export function encrypt(key: KeyObject, clear: Uint8Array, aad: string): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(aad, 'utf8'));
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

/** @throws SealBroken when key, bytes and `aad` do not belong together */
export function decrypt(key: KeyObject, sealed: Uint8Array, aad: string): Buffer {
  const end = sealed.length - tagLength;
  if (end < nonceLength) throw new SealBroken('the sealed bytes are too short');
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(aad, 'utf8'));
  decipher.setAuthTag(sealed.subarray(end));
  const clear = decipher.update(sealed.subarray(nonceLength, end));
  try {
    // GCM is a stream mode: final() adds no bytes, it only checks the tag.
    decipher.final();
  } catch {
    throw new SealBroken('the sealed bytes do not match their key and place');
  }
  return clear;
}
