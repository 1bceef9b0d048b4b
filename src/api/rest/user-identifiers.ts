import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Assigned } from '../../application/account-identifiers.js';
import type { UserId } from '../../domain/values.js';
import type { Class } from '../answer/responses.js';
import { empty, json } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import { accountExample, AccountView, accountView } from './account.js';

export class AssignedNameBody {
  @IsString() @MaxLength(320) value!: string;
}

export class AssignedAddressBody extends AssignedNameBody {
  /** The address is known to be the person's: nothing is sent to it. */
  @IsOptional() @IsBoolean() verified?: boolean;
}

type Kind = Readonly<{
  id: string;
  kind: Assigned['kind'];
  name: string;
  example: string;
  body: Class<AssignedAddressBody>;
  proof: string;
}>;

const sent =
  'Unless it is said to be verified, a link and a code are sent to it; somebody who is still invited gets a new invitation instead, and the old one ends.';
const kinds: readonly Kind[] = [
  {
    id: 'Email',
    kind: 'email',
    name: 'e-mail address',
    example: 'ada@example.org',
    body: AssignedAddressBody,
    proof: sent,
  },
  { id: 'Phone', kind: 'phone', name: 'phone number', example: '+4930123456', body: AssignedAddressBody, proof: sent },
  {
    id: 'Username',
    kind: 'username',
    name: 'user name',
    example: 'ada',
    body: AssignedNameBody,
    proof: 'It needs no proof.',
  },
];

const inForce =
  'In force at once, in place of the old value and of one that waits for its verification. The old address hears of it.';
const sessions =
  'Sessions and tokens go on, reset links that are under way end: where the account was in wrong hands, require a new password and sign the person out everywhere as well.';
const row = { tag: 'administration', access: 'tenant-admin', ifMatch: 'optional' } as const;

/** What people sign in with, corrected by an administrator. */
export const userIdentifierRoutes = kinds.flatMap(({ id, kind, name, example, body: accepted, proof }) => [
  route({
    ...row,
    id: `assignUser${id}`,
    method: 'put',
    path: `/t/:tenant/api/v1/users/:user/${kind}` as '/t/:tenant/api/v1/users/:user/kind',
    summary: `Correct a person’s ${name}`,
    description: `${inForce} ${proof} ${sessions}`,
    idempotent: true,
    body: accepts(accepted, { value: example }),
    responses: { 200: json(AccountView, 'The account.', accountExample) },
    problems: ['no-such-user', 'identifier-taken', 'own-account'],
    handler:
      ({ accountIdentifiers, profiles }: Pick<Services, 'accountIdentifiers' | 'profiles'>) =>
      async ({ body, context, params, expectedRevision }) => {
        const owner = params.user as UserId;
        const { value: input, verified = false } = body;
        const { position } = await accountIdentifiers.assign(
          context,
          owner,
          { kind, input, verified },
          expectedRevision,
        );
        const { account, revision } = await profiles.view(context.tenant, owner);
        return { status: 200, body: accountView(owner, account), revision, position };
      },
  }),
  route({
    ...row,
    id: `removeUser${id}`,
    method: 'delete',
    path: `/t/:tenant/api/v1/users/:user/${kind}` as '/t/:tenant/api/v1/users/:user/kind',
    summary: `Remove a person’s ${name}`,
    description: `A value that waits for its verification is removed with it. ${kind === 'username' ? '' : 'An invitation that is under way ends: send it again. '}${sessions}`,
    idempotent: true,
    responses: { 204: empty('Removed.') },
    problems: ['no-such-user', 'identifier-required', 'own-account'],
    handler:
      ({ accountIdentifiers }: Pick<Services, 'accountIdentifiers'>) =>
      async ({ context, params, expectedRevision }) => {
        const owner = params.user as UserId;
        const { position } = await accountIdentifiers.withdraw(context, owner, kind, expectedRevision);
        return { status: 204, position };
      },
  }),
]);
