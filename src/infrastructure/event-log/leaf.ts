import { hash } from 'node:crypto';

/** What a leaf commits to. `metadata` stands without its own member `leaf`. */
export type LeafInput = Readonly<{
  id: string;
  type: string;
  stream: string;
  revision: number;
  metadata: Uint8Array;
  data: Uint8Array;
}>;

const lengthBytes = 4;

/**
 * Leaf of the log's Merkle tree (RFC 9162 section 2.1.1): SHA-256 over 0x00 and id, type, stream, revision (decimal),
 * metadata, data, each preceded by its length in bytes (32 bits, big endian). It covers stored bytes, so that erasing a
 * key never breaks a proof.
 */
export function leafHash({ id, type, stream, revision, metadata, data }: LeafInput): Buffer {
  const parts = [id, type, stream, String(revision), metadata, data];
  const sizes = parts.map((part) => (typeof part === 'string' ? Buffer.byteLength(part) : part.length));
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + lengthBytes + size, 1));
  let offset = bytes.writeUInt8(0, 0);
  parts.forEach((part, index) => {
    offset = bytes.writeUInt32BE(sizes[index] ?? 0, offset);
    if (typeof part === 'string') offset += bytes.write(part, offset);
    else {
      bytes.set(part, offset);
      offset += part.length;
    }
  });
  return hash('sha256', bytes, 'buffer');
}
