import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CommandRejected, type FieldError } from '../../application/command-rejected.js';
import type { PolicyContent } from '../../application/token-policies.js';
import { publicKey } from '../../domain/client/details.js';
import { type SigningAlgorithm, signingAlgorithms } from '../../domain/signingkeys/signing-keys.js';
import {
  builtInStructure,
  type Encryption,
  encryptionAlgorithms,
  type TokenFormat,
  tokenFormats,
  type TokenStructure,
} from '../../domain/token-policy/structure.js';
import { indispensable, type TokenCheck, tokenChecks } from '../../domain/token-policy/validation.js';
import { instant } from '../../domain/values.js';
import { OneLine } from '../request/one-line.js';

/** Opens with the key of whom it is for. */
export class EncryptionBody {
  @IsIn(encryptionAlgorithms) algorithm!: Encryption['algorithm'];
  /** A public key (RFC 7517). */
  @IsObject() key!: object;
}

export class TokenStructureBody {
  @IsOptional() @IsIn(tokenFormats) format?: TokenFormat;
  @IsOptional() @IsIn(signingAlgorithms) algorithm?: SigningAlgorithm;
  /** At most a day of signed tokens, a year of opaque ones; the tenant's setting unless it is said. */
  @IsOptional() @IsInt() @Min(10) @Max(31_536_000) lifetimeSeconds?: number;
  /** The issuer itself unless it is said. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  audience?: string[];
  /** Names of claims with CEL expressions over `user`, `client`, `tenant` and `scope`. */
  @IsOptional() @IsObject() claims?: object;
  /** What opaque tokens begin with. */
  @IsOptional() @Matches(/^[a-z][a-z0-9]{0,11}(_[a-z0-9]{1,8})?$/) prefix?: string;
  @IsOptional() @ValidateNested() @Type(() => EncryptionBody) encryption?: EncryptionBody;
}

export class TokenPolicyBody {
  @IsString() @Length(1, 100) @OneLine() name!: string;
  @IsDefined() @ValidateNested() @Type(() => TokenStructureBody) structure!: TokenStructureBody;
  /** The checks of the validate endpoint, in order; all of them unless it is said. */
  @IsOptional() @IsArray() @ArrayMaxSize(20) @IsIn(tokenChecks, { each: true }) validation?: TokenCheck[];
}

export class TokenPolicyVersionBody extends TokenPolicyBody {
  /** RFC 3339. Tokens of older versions end then at the latest; by themselves unless it is said. */
  @IsOptional() @Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/) olderUntil?: string;
}

export class AssignmentBody {
  /** One of these two, or neither for the whole tenant. */
  @IsOptional() @IsString() @Length(1, 64) client?: string;
  @IsOptional() @IsString() @Length(1, 255) resource?: string;
  /** Left out: what applies more widely applies again. */
  @IsOptional() @IsString() @Length(36, 36) policy?: string;
}

export class DryRunBody {
  @IsString() @Length(1, 64) client!: string;
  @IsOptional() @IsString() @MaxLength(2_000) scope?: string;
  /** For whom; left out where the client acts for itself. */
  @IsOptional() @IsString() @Length(36, 36) user?: string;
}

const claimName = /^[A-Za-z][\w:/.#-]{0,99}$/;
const mostClaims = 30;

/** @throws CommandRejected invalid-fields */
export function contentOf(body: TokenPolicyVersionBody): PolicyContent {
  const { name, structure: said, validation = tokenChecks, olderUntil } = body;
  const fields: FieldError[] = [];
  const claims = Object.entries(said.claims ?? {});
  if (claims.length > mostClaims) fields.push(wrong('/structure/claims', `must be at most ${mostClaims}`));
  for (const [claim, expression] of claims) {
    if (!claimName.test(claim)) fields.push(wrong('/structure/claims', 'has a name that no claim has'));
    if (typeof expression !== 'string') fields.push(wrong(`/structure/claims/${claim}`, 'must be an expression'));
  }
  const missing = indispensable.filter((check) => !validation.includes(check));
  if (missing.length > 0) fields.push(wrong('/validation', `cannot leave out ${missing.join(', ')}`));
  if (new Set(validation).size < validation.length) fields.push(wrong('/validation', 'names a check twice'));
  const key = said.encryption && publicKey(said.encryption.key as Readonly<Record<string, unknown>>);
  const fits = said.encryption?.algorithm === 'RSA-OAEP-256' ? 'RSA' : 'EC';
  if (said.encryption && key?.['kty'] !== fits) {
    fields.push(wrong('/structure/encryption/key', `must be a public key of type ${fits}`));
  }
  const until = olderUntil === undefined ? undefined : Date.parse(olderUntil);
  if (until !== undefined && Number.isNaN(until)) fields.push(wrong('/olderUntil', 'is no time'));
  if (fields.length > 0) throw new CommandRejected('invalid-fields', { fields });
  const structure: TokenStructure = {
    ...builtInStructure,
    ...(said.format && { format: said.format }),
    ...(said.algorithm && { algorithm: said.algorithm }),
    ...(said.lifetimeSeconds !== undefined && { lifetimeSeconds: said.lifetimeSeconds }),
    ...(said.audience && { audience: said.audience }),
    ...(said.prefix !== undefined && { prefix: said.prefix }),
    ...(said.encryption && key && { encryption: { algorithm: said.encryption.algorithm, key } }),
    claims: Object.fromEntries(claims),
  };
  return { name, structure, validation, ...(until !== undefined && { olderUntil: instant(until) }) };
}

const wrong = (pointer: string, message: string): FieldError => ({ pointer, code: 'invalid', message });
