import { reveal } from '../values.js';
import { type Existing, identifierOf } from './state.js';

/** Standard claims (OpenID Connect Core 1.0 section 5.1), as far as Annal knows them. */
export type StandardClaims = Readonly<{
  name?: string;
  given_name?: string;
  family_name?: string;
  preferred_username?: string;
  picture?: string;
  locale?: string;
  email?: string;
  email_verified?: boolean;
  phone_number?: string;
  phone_number_verified?: boolean;
  address?: Readonly<{ formatted: string }>;
}>;

type Row = (account: Existing) => StandardClaims;

const present = <T extends object>(claims: T): T =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined && value !== '')) as T;

/** What each scope asks for (OpenID Connect Core 1.0 section 5.4). */
const byScope: Readonly<Record<'profile' | 'email' | 'phone' | 'address', Row>> = {
  profile: (account) => {
    const { firstName, lastName, picture } = reveal(account.profile) ?? {};
    return present({
      name: [firstName, lastName].filter((one) => one !== undefined && one !== '').join(' '),
      given_name: firstName,
      family_name: lastName,
      preferred_username: reveal(identifierOf(account, 'username')?.value),
      picture,
      locale: account.locale,
    }) as StandardClaims;
  },
  email: (account) => {
    const email = identifierOf(account, 'email');
    return email ? (present({ email: reveal(email.value), email_verified: email.verified }) as StandardClaims) : {};
  },
  phone: (account) => {
    const phone = identifierOf(account, 'phone');
    return phone
      ? (present({ phone_number: reveal(phone.value), phone_number_verified: phone.verified }) as StandardClaims)
      : {};
  },
  /** The attribute of that name, where the tenant has one. */
  address: (account) => {
    const formatted = reveal(account.profile)?.attributes?.['address'];
    return typeof formatted === 'string' && formatted !== '' ? { address: { formatted } } : {};
  },
};

/** The scope that each claim belongs to (OpenID Connect Core 1.0 section 5.4). */
const scopes: Readonly<Record<keyof StandardClaims, keyof typeof byScope>> = {
  name: 'profile',
  given_name: 'profile',
  family_name: 'profile',
  preferred_username: 'profile',
  picture: 'profile',
  locale: 'profile',
  email: 'email',
  email_verified: 'email',
  phone_number: 'phone',
  phone_number_verified: 'phone',
  address: 'address',
};

/** The claims that can be told at all, for discovery. */
export const supportedClaims: readonly string[] = ['sub', ...Object.keys(scopes)];

const isClaim = (name: string): name is keyof StandardClaims => Object.hasOwn(scopes, name);

/** Undefined for a claim that nobody tells. */
export const scopeOfClaim = (name: string): string | undefined => (isClaim(name) ? scopes[name] : undefined);

export const claimsOf = (account: Existing, scope: readonly string[]): StandardClaims =>
  Object.entries(byScope).reduce<StandardClaims>(
    (claims, [name, row]) => (scope.includes(name) ? { ...claims, ...row(account) } : claims),
    {},
  );

/** Claims by their names, whatever their scopes. */
export const claimsNamed = (account: Existing, names: readonly string[]): StandardClaims =>
  Object.fromEntries(Object.entries(claimsOf(account, Object.keys(byScope))).filter(([name]) => names.includes(name)));
