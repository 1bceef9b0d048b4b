/** What a PHC string of the argon2 family says. `version` is 0x13 wherever it is written today. */
export type Phc = Readonly<{
  algorithm: 'argon2d' | 'argon2i' | 'argon2id';
  version: number;
  memoryKib: number;
  passes: number;
  lanes: number;
  salt: Buffer;
  digest: Buffer;
}>;

const base64Text = (least: number): string => `([A-Za-z0-9+/]{${least},86})`;
const parameter = '[mtp]=\\d{1,9}';
const shape = new RegExp(
  `^\\$(argon2(?:d|id?))\\$v=(\\d{1,3})\\$(${parameter}(?:,${parameter}){2})\\$${base64Text(11)}\\$${base64Text(22)}$`,
);

/**
 * Beyond these a verifier is taken for damaged: verifying it would cost more than a sign-in may (argon2 would try to
 * allocate it).
 */
const bounds = { memoryKib: 262_144, passes: 64, lanes: 16, kibPasses: 1_048_576 };

/**
 * Undefined for what is no PHC string, has parameters that argon2 does not know (RFC 9106 section 3.1) or is out of
 * bounds.
 */
export function parsePhc(text: string): Phc | undefined {
  const [, algorithm, version, parameters, salt, digest] = shape.exec(text) ?? [];
  if (!algorithm || !version || !parameters || !salt || !digest) return undefined;
  const named = new Map(parameters.split(',').map((pair) => [pair.slice(0, 1), Number(pair.slice(2))]));
  const phc = {
    algorithm: algorithm as Phc['algorithm'],
    version: Number(version),
    memoryKib: named.get('m') ?? 0,
    passes: named.get('t') ?? 0,
    lanes: named.get('p') ?? 0,
    salt: Buffer.from(salt, 'base64'),
    digest: Buffer.from(digest, 'base64'),
  };

  return isSane(phc) ? phc : undefined;
}

export const formatPhc = ({ algorithm, version, memoryKib, passes, lanes, salt, digest }: Phc): string =>
  `$${algorithm}$v=${version}$m=${memoryKib},t=${passes},p=${lanes}$${base64(salt)}$${base64(digest)}`;

const isSane = ({ version, memoryKib, passes, lanes }: Phc): boolean =>
  (version === 0x13 || version === 0x10) &&
  lanes >= 1 &&
  lanes <= bounds.lanes &&
  passes >= 1 &&
  passes <= bounds.passes &&
  memoryKib >= 8 * lanes &&
  memoryKib <= bounds.memoryKib &&
  memoryKib * passes <= bounds.kibPasses;

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
