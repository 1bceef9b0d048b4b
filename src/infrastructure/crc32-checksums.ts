import { crc32 } from 'node:zlib';
import { Checksums } from '../application/ports/checksums.js';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const length = 6;

export class Crc32Checksums extends Checksums {
  base62(text: string): string {
    let value = crc32(text);
    let characters = '';
    for (let place = 0; place < length; place += 1) {
      characters = (alphabet[value % alphabet.length] ?? '') + characters;
      value = Math.floor(value / alphabet.length);
    }
    return characters;
  }
}
