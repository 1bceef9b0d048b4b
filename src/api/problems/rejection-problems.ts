import type { AdministratorsRejection } from '../../domain/administrators/administrators.js';
import type { ClaimRejection } from '../../domain/claim/claim.js';
import type { ApiKeyRejection } from '../../domain/api-key/api-key.js';
import type { ClientRejection } from '../../domain/client/client.js';
import type { CredentialsRejection } from '../../domain/credentials/password.js';
import type { InitialAccessRejection } from '../../domain/initial-access/initial-access.js';
import type { GrantRejection } from '../../domain/grant/grant.js';
import type { SessionRejection } from '../../domain/session/session.js';
import type { SigningKeysRejection } from '../../domain/signingkeys/signing-keys.js';
import type { TenantRejection } from '../../domain/tenant/tenant.js';
import type { TokenPolicyRejection } from '../../domain/token-policy/token-policy.js';
import type { UserRejection } from '../../domain/user/rejections.js';
import type { ProblemRow } from './problem-row.js';

type Rejection =
  | AdministratorsRejection
  | ClaimRejection
  | ApiKeyRejection
  | ClientRejection
  | CredentialsRejection
  | GrantRejection
  | InitialAccessRejection
  | SessionRejection
  | SigningKeysRejection
  | TenantRejection
  | TokenPolicyRejection
  | UserRejection;

const gone = 'Nothing of this kind has the identifier in the path; it may have been removed.';
const repeated = 'Use another identifier, or read what stands under this one.';

/** What the domain refuses. A rejection without its row does not compile. */
export const rejectionProblems = {
  // Tenants
  'tenant-exists': { status: 409, title: 'There is a tenant with this identifier.', forDeveloper: repeated },
  'no-such-tenant': { status: 404, title: 'There is no such tenant.', forDeveloper: gone },
  'tenant-slug-invalid': {
    status: 422,
    title: 'The slug of a tenant has 2 to 63 lower-case letters, digits and inner dashes.',
    forDeveloper: 'The slug stands in issuer URLs and never changes: choose one of this form.',
  },
  // Users
  'last-administrator': {
    status: 409,
    title: 'This is the last administrator of the tenant.',
    forDeveloper: 'Appoint another administrator first.',
  },
  'user-exists': { status: 409, title: 'There is a user with this identifier.', forDeveloper: repeated },
  'no-such-user': { status: 404, title: 'There is no such user.', forDeveloper: gone },
  'user-not-active': {
    status: 409,
    title: 'The user is not active.',
    forDeveloper: 'The user is invited, suspended or deactivated: change that first.',
  },
  'user-erased': {
    status: 410,
    title: 'The user was erased.',
    forDeveloper: 'The personal data of the user was destroyed for good; the identifier is not used again.',
  },
  'nothing-to-verify': {
    status: 409,
    title: 'There is nothing to verify.',
    forDeveloper: 'The user has no such address, or changed it since.',
  },
  'already-verified': { status: 409, title: 'It is verified already.', forDeveloper: 'Nothing is left to do.' },
  'identifier-required': {
    status: 422,
    title: 'The user needs an identifier.',
    forDeveloper: 'The settings of the tenant require at least one identifier with which the user can sign in.',
  },
  'not-invited': {
    status: 409,
    title: 'The user is not invited.',
    forDeveloper: 'The invitation was accepted or withdrawn.',
  },
  'not-suspended': {
    status: 409,
    title: 'The user is not suspended.',
    forDeveloper: 'Only a suspended user can be reactivated so.',
  },
  'not-deactivated': {
    status: 409,
    title: 'The user is not deactivated.',
    forDeveloper: 'Only a deactivated user can be reactivated so.',
  },
  // Identifiers
  'identifier-taken': {
    status: 409,
    title: 'The identifier is in use.',
    forDeveloper: 'Another user of the tenant holds or is about to hold it.',
  },
  'claim-lost': {
    status: 409,
    title: 'The reservation of the identifier has lapsed.',
    forDeveloper: 'The command took too long, and another may have the identifier now: send it again.',
    transient: true,
  },
  // Credentials
  'no-password': {
    status: 409,
    title: 'The account has no password.',
    forDeveloper: 'Set a first password instead of changing it.',
  },
  'password-exists': {
    status: 409,
    title: 'The account has a password.',
    forDeveloper: 'Change the password instead of setting it.',
  },
  'proof-outdated': {
    status: 409,
    title: 'The proof was made for a password that was replaced since.',
    forDeveloper: 'Ask for a new link or code.',
  },
  'wrong-password': {
    status: 403,
    title: 'The current password is not right.',
    forDeveloper: 'Ask for the current password again; failed checks count towards the lock-out.',
  },
  // Sessions, grants, clients
  'session-exists': { status: 409, title: 'There is a session with this identifier.', forDeveloper: repeated },
  'no-such-session': { status: 404, title: 'There is no such session.', forDeveloper: gone },
  'grant-exists': { status: 409, title: 'There is a grant with this identifier.', forDeveloper: repeated },
  'no-such-grant': { status: 404, title: 'There is no such grant.', forDeveloper: gone },
  'grant-revoked': { status: 409, title: 'The grant was revoked.', forDeveloper: 'Ask the user to consent again.' },
  'grant-expired': { status: 409, title: 'The grant has expired.', forDeveloper: 'Ask the user to consent again.' },
  'grant-of-another-key': {
    status: 400,
    title: 'The grant is bound to a key.',
    forDeveloper: 'Prove the key that the first tokens were asked for with (RFC 9449).',
  },
  'grant-of-another-client': {
    status: 403,
    title: 'The grant belongs to another client.',
    forDeveloper: 'A grant can be used only by the client it was given to.',
  },
  'scope-too-wide': {
    status: 403,
    title: 'The scope is wider than the grant.',
    forDeveloper: 'Ask for no more than was granted.',
  },
  'too-many-retries': {
    status: 400,
    title: 'The refresh token was traded too often.',
    forDeveloper:
      'It was replaced, and the answer repeated as often as the tenant’s moment of grace allows: use its successor.',
  },
  'refresh-token-reused': {
    status: 403,
    title: 'The refresh token was used before.',
    forDeveloper: 'The grant has been revoked, since the token may be stolen: start a new authorization.',
  },
  'client-exists': { status: 409, title: 'There is a client with this identifier.', forDeveloper: repeated },
  'no-such-client': { status: 404, title: 'There is no such client.', forDeveloper: gone },
  'client-not-confidential': {
    status: 409,
    title: 'The client has no secret.',
    forDeveloper: 'Only a client whose authentication method has a secret can be given one.',
  },
  'client-kind-fixed': {
    status: 409,
    title: 'Whether a client keeps a secret cannot be changed.',
    forDeveloper: 'Register another client with the other authentication method.',
  },
  'redirect-uris-needed': {
    status: 422,
    title: 'A redirect URI is needed.',
    forDeveloper: 'The grant type authorization_code needs at least one redirect URI.',
  },
  'redirect-uris-of-nothing': {
    status: 422,
    title: 'Redirect URIs have no use here.',
    forDeveloper: 'Only clients of the grant type authorization_code have redirect URIs.',
  },
  'refresh-without-code': {
    status: 422,
    title: 'There is nothing to refresh.',
    forDeveloper: 'The grant type refresh_token goes with authorization_code.',
  },
  // Token policies
  'no-such-token-policy': { status: 404, title: 'There is no such token policy.', forDeveloper: gone },
  'too-many-token-policies': {
    status: 409,
    title: 'There are too many token policies, versions or assignments.',
    forDeveloper: 'A tenant has up to 100 policies of 200 versions each, and 1,000 assignments.',
  },
  'reserved-claim': {
    status: 422,
    title: 'The mapping names a claim that is not its to fill.',
    forDeveloper: 'Registered claims such as `iss`, `sub`, `aud`, `exp` and `scope` say what the service vouches for.',
  },
  'opaque-token-says-nothing': {
    status: 422,
    title: 'An opaque token has no claims and is not encrypted.',
    forDeveloper: 'Choose the format `jwt`, or leave `claims` and `encryption` out.',
  },
  'token-lives-too-long': {
    status: 422,
    title: 'The lifetime is too long for tokens of this format.',
    forDeveloper:
      'Signed tokens live for a day at most, as their keys are published no longer; opaque ones for a year.',
  },
  'prefix-taken': {
    status: 422,
    title: 'The prefix is taken.',
    forDeveloper: 'Prefixes that begin with `annal` belong to the service.',
  },
  'credentials-of-public-client': {
    status: 422,
    title: 'A public client does not act for itself.',
    forDeveloper: 'Only a client that proves itself may use the client credentials grant (RFC 6749 section 4.4).',
  },
  'public-client-without-pkce': {
    status: 422,
    title: 'A public client needs PKCE.',
    forDeveloper: 'Only a confidential client may do without PKCE (RFC 9700 section 2.1.1).',
  },
  'keys-needed': {
    status: 422,
    title: 'A key is needed.',
    forDeveloper: 'The authentication method private_key_jwt needs public keys in jwks or jwksUri.',
  },
  'keys-twice': {
    status: 422,
    title: 'The keys are said twice.',
    forDeveloper: 'Say either jwks or jwksUri (RFC 7591 section 2).',
  },
  'algorithm-not-of-method': {
    status: 422,
    title: 'The authentication method does not use this algorithm.',
    forDeveloper:
      'HS256 and its kin go with client_secret_jwt, those of key pairs with private_key_jwt; others have none.',
  },
  // API keys
  'api-key-exists': { status: 409, title: 'There is an API key with this identifier.', forDeveloper: repeated },
  'no-such-api-key': { status: 404, title: 'There is no such API key.', forDeveloper: gone },
  'api-key-revoked': {
    status: 409,
    title: 'The API key has ended.',
    forDeveloper: 'A key that ended stays so: make another.',
  },
  'api-key-expiry-past': {
    status: 422,
    title: 'The API key would have expired already.',
    forDeveloper: 'Send a time in the future, or none for a key that lasts.',
  },
  // Registration by applications themselves
  'initial-access-exists': { status: 409, title: 'There is a token with this identifier.', forDeveloper: repeated },
  'no-such-initial-access': { status: 404, title: 'There is no such token.', forDeveloper: gone },
  'invalid-registration-token': {
    status: 401,
    title: 'The token is not valid.',
    forDeveloper: 'It is wrong, used up, expired, replaced, or its client was disabled or removed.',
  },
  // Signing keys
  'no-such-key': { status: 404, title: 'There is no such key.', forDeveloper: gone },
  'key-in-use': { status: 409, title: 'The key is in use.', forDeveloper: 'Rotate to another key first.' },
  'next-key-exists': {
    status: 409,
    title: 'A next key stands ready.',
    forDeveloper: 'Use the key that is ready before another one is made.',
  },
} as const satisfies Record<Rejection, ProblemRow>;
