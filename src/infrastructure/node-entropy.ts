import { randomBytes, randomInt } from 'node:crypto';
import { Entropy } from '../application/ports/entropy.js';
import { formatUuid, stampUuid, uuidV5 } from './uuid.js';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const bitsPerCharacter = Math.log2(alphabet.length);
/**
 * The largest multiple of 62 that a byte can hold: bytes from there on are drawn again, or some characters would be
 * likelier.
 */
const unbiasedBelow = 248;
const counterEnd = 0x1000;
const idLength = 16;
/** Ids drawn from the operating system at a time. They are no secrets. */
const idsDrawn = 256;

/** Randomness from the operating system through OpenSSL. */
export class NodeEntropy extends Entropy {
  private millisecond = 0;
  private counter = 0;
  private drawn = Buffer.alloc(0);

  constructor(private readonly now: () => number = Date.now) {
    super();
  }

  /**
   * Strictly increasing within the process, also when the clock steps back: a 12 bit counter in `rand_a` (RFC 9562
   * section 6.2, method 1), started at random in its lower half every millisecond; when it is used up, the next
   * millisecond is taken early.
   */
  uuid(): string {
    const now = this.now();
    if (now > this.millisecond) this.startMillisecond(now);
    else if (++this.counter >= counterEnd) this.startMillisecond(this.millisecond + 1);

    const bytes = this.idBytes();
    bytes.writeUIntBE(this.millisecond, 0, 6);
    bytes.writeUInt16BE(this.counter, 6);
    return formatUuid(stampUuid(bytes, 7));
  }

  derived(namespace: string, name: string): string {
    return uuidV5(namespace, name);
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(randomBytes(length));
  }

  digits(length: number): string {
    return Array.from({ length }, () => randomInt(10)).join('');
  }

  token(bits: number): string {
    const length = Math.ceil(bits / bitsPerCharacter);
    let text = '';
    while (text.length < length) {
      for (const byte of randomBytes(length - text.length)) {
        if (byte < unbiasedBelow) text += alphabet.charAt(byte % alphabet.length);
      }
    }
    return text;
  }

  /** Bytes that were used for no id before. */
  private idBytes(): Buffer {
    if (this.drawn.length === 0) this.drawn = randomBytes(idsDrawn * idLength);
    const bytes = this.drawn.subarray(0, idLength);
    this.drawn = this.drawn.subarray(idLength);
    return bytes;
  }

  private startMillisecond(millisecond: number): void {
    this.millisecond = millisecond;
    this.counter = randomInt(counterEnd / 2);
  }
}
