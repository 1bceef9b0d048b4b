import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { CommandRejected } from '../../application/command-rejected.js';
import { scopeForm, standardScopes } from '../../domain/authorization/scopes.js';
import { type ClientKey, keySet } from '../../domain/client/details.js';
import { type ClientKind, clientKinds, usually } from '../../domain/client/kinds.js';
import { type ClientMetadata, type GrantType, grantTypes } from '../../domain/client/metadata.js';
import {
  assertionAlgorithms,
  authenticationMethods,
  type ClientAuthenticationMethod,
} from '../../domain/client/proof.js';
import type { ApplicationType } from '../../domain/client/redirect-uris.js';
import { type SigningAlgorithm, signingAlgorithms } from '../../domain/signingkeys/signing-keys.js';
import { OneLine } from '../request/one-line.js';

/** What a client may say of itself and the tenant of it, in the words of `ClientMetadata`. */
export class ClientDescriptionBody {
  /** `native` for apps on a device; anything else is `web`. */
  @IsOptional() @IsIn(['web', 'native']) applicationType?: ApplicationType;
  /** Where people are sent back to; with one of these, the client signs people in by authorization code. */
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) redirectUris?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) postLogoutRedirectUris?: string[];
  /** How it gets tokens; follows from its kind unless said otherwise. */
  @IsOptional() @IsArray() @IsIn(grantTypes, { each: true }) grantTypes?: GrantType[];
  /** What it may ask for; `openid profile email phone address offline_access` unless said otherwise. */
  @IsOptional() @IsArray() @ArrayMaxSize(50) @Matches(scopeForm, { each: true }) scopes?: string[];
  /** The tenant's own: nobody is asked for consent, and it may sign people in with its own form. */
  @IsOptional() @IsBoolean() firstParty?: boolean;
  /** Only a confidential client may do without PKCE. */
  @IsOptional() @IsBoolean() requirePkce?: boolean;
  /** What its ID tokens are signed with; ES256 unless said otherwise. */
  @IsOptional() @IsIn(signingAlgorithms) idTokenAlgorithm?: SigningAlgorithm | null;
  /** How it proves itself. A secret may be sent in either of the two ways; every other method is the only one accepted. */
  @IsOptional() @IsIn(authenticationMethods) authenticationMethod?: ClientAuthenticationMethod;
  /** The one algorithm of its assertions; any of the method unless said otherwise. */
  @IsOptional() @IsString() @Length(1, 16) authenticationSigningAlgorithm?: string | null;
  /** A JSON Web Key Set with its public keys (RFC 7517 section 5). `null` removes a value. */
  @IsOptional() @IsObject() jwks?: object | null;
  @IsOptional() @IsString() jwksUri?: string | null;
  @IsOptional() @IsString() clientUri?: string | null;
  @IsOptional() @IsString() logoUri?: string | null;
  @IsOptional() @IsString() policyUri?: string | null;
  @IsOptional() @IsString() tosUri?: string | null;
  @IsOptional() @IsString() initiateLoginUri?: string | null;
  @IsOptional() @IsString() backchannelLogoutUri?: string | null;
  @IsOptional() @IsBoolean() backchannelLogoutSessionRequired?: boolean | null;
  /** Seconds; what `max_age` is where a request does not say. */
  @IsOptional() @IsInt() @Min(0) @Max(31_536_000) defaultMaxAge?: number | null;
  @IsOptional() @IsBoolean() requireAuthTime?: boolean | null;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 255, { each: true })
  defaultAcrValues?: string[] | null;
  @IsOptional() @IsBoolean() requirePushedAuthorizationRequests?: boolean | null;
  /** Its requests must be signed (RFC 9101). */
  @IsOptional() @IsBoolean() requireSignedRequestObject?: boolean | null;
  /** The one algorithm of its request objects; any asymmetric one unless said otherwise. */
  @IsOptional() @IsIn(assertionAlgorithms.keys) requestObjectAlgorithm?: string | null;
  @IsOptional() @IsBoolean() dpopBoundAccessTokens?: boolean | null;
  @IsOptional() @IsString() @Length(1, 100) @OneLine() softwareId?: string | null;
  @IsOptional() @IsString() @Length(1, 100) @OneLine() softwareVersion?: string | null;
}

export class NewClientBody extends ClientDescriptionBody {
  @IsString() @Length(1, 100) @OneLine() name!: string;
  /** What it usually is: what is not said below follows. Unless it is said, a client with redirect URIs is `web`, one without `machine`. */
  @IsOptional() @IsIn(clientKinds) kind?: ClientKind;
  /** Short for `authenticationMethod`: confidential clients have a secret and may introspect tokens; public ones cannot keep one. */
  @IsOptional() @IsBoolean() confidential?: boolean;
}

export class ClientPatchBody extends ClientDescriptionBody {
  @IsOptional() @IsString() @Length(1, 100) @OneLine() name?: string;
}

const usualKind = ({ applicationType, redirectUris = [] }: NewClientBody): ClientKind =>
  applicationType === 'native' ? 'native' : redirectUris.length > 0 ? 'web' : 'machine';

/** @throws CommandRejected invalid-fields */
export function newMetadata({ name: _, kind: named, confidential, ...said }: NewClientBody): ClientMetadata {
  const kind = named ?? usualKind({ name: '', ...said });
  const usual = usually[kind];
  const ofSecret =
    confidential === undefined ? usual.authenticationMethod : confidential ? 'client_secret_basic' : 'none';
  return changedMetadata(
    {
      ...usual,
      // Only who is called a machine acts for itself: an API that asks what tokens are worth need not.
      ...(named === 'machine' && { grantTypes: ['client_credentials'] as const }),
      redirectUris: [],
      postLogoutRedirectUris: [],
      authenticationMethod: ofSecret,
      scopes: kind === 'machine' ? [] : standardScopes,
      requirePkce: true,
    },
    said,
  );
}

/** What is said replaces what was, `null` takes it away (RFC 7396). @throws CommandRejected invalid-fields */
export function changedMetadata(metadata: ClientMetadata, { jwks, ...said }: ClientDescriptionBody): ClientMetadata {
  const fields = required
    .filter((name) => said[name as keyof typeof said] === null)
    .map((name) => ({ pointer: `/${name}`, code: 'required', message: 'is needed: it cannot be removed' }));
  if (fields.length > 0) throw new CommandRejected('invalid-fields', { fields });
  const entries = Object.entries({ ...metadata, ...said }).filter(([, value]) => value !== null);
  const kept = Object.fromEntries(entries) as ClientMetadata;
  if (jwks === undefined) return kept;
  const { jwks: _, ...without } = kept;

  return jwks === null ? without : { ...without, jwks: keysOf(jwks) };
}

const required: readonly (keyof ClientMetadata)[] = [
  'applicationType',
  'redirectUris',
  'postLogoutRedirectUris',
  'grantTypes',
  'authenticationMethod',
  'scopes',
  'firstParty',
  'requirePkce',
];

/** @throws CommandRejected invalid-fields */
function keysOf(jwks: object): readonly ClientKey[] {
  const keys = keySet(jwks);
  if (keys) return keys;
  const message = 'must hold at most 20 public keys under keys (RFC 7517), and nothing private';
  throw new CommandRejected('invalid-fields', { fields: [{ pointer: '/jwks', code: 'not-public-keys', message }] });
}
