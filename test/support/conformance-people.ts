import { type Annal, password } from './annal.js';
import type { RelyingParty } from './conformance.js';

/** What each scope asks for (OpenID Connect Core 1.0 section 5.4), as far as this service knows it. */
export const claimsOfScope = {
  profile: ['name', 'given_name', 'family_name', 'locale'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
} as const;

let numbers = 100;

/** The suite wants somebody to sign in of whom there is something to tell under every scope. */
export async function somebodyDescribed({ annal, admin, person }: RelyingParty) {
  const address = { name: 'address', required: false, maxLength: 200, values: [] };
  await succeed(annal, 'PUT', '/settings', { overrides: { registration: { attributes: [address] } } }, admin);
  const email = `described.${person.email}`;
  const { id } = await succeed<{ id: string }>(
    annal,
    'POST',
    '/users',
    {
      ...{ email, password, verified: true, phone: `+351912345${numbers++}` },
      ...{ firstName: 'Ada', lastName: 'Lovelace', attributes: { address: 'Rua Augusta 1, Lisbon' } },
    },
    admin,
  );
  return { user: id, email };
}

async function succeed<T>(annal: Annal, method: string, path: string, body: object, token: string): Promise<T> {
  const answer = await annal.call<T>(method, `/api/v1/tenants/default${path}`, { body, token });
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status} ${answer.text}`);
  return answer.body;
}
