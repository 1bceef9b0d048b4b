import { IsString, MaxLength } from 'class-validator';
import type { AddressKind } from '../../application/verification.js';
import { empty, json } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import { accountExample, AccountView, accountView, me } from './account.js';

export class IdentifierBody {
  @IsString() @MaxLength(320) value!: string;
}

export class CodeBody {
  @IsString() @MaxLength(16) code!: string;
}

const valueRoutes = (['email', 'phone', 'username'] as const).flatMap((kind) => [
  route({
    id: `changeMy${kind === 'email' ? 'Email' : kind === 'phone' ? 'Phone' : 'Username'}`,
    method: 'put',
    path: `/t/:tenant/api/v1/me/${kind}`,
    summary: `Change the ${kind === 'username' ? 'user name' : kind}`,
    description:
      kind === 'username'
        ? 'In force at once.'
        : 'A link and a code are sent to the new value; until it is verified the old one stays in force, and then hears of the change.',
    tag: 'account',
    access: 'user',
    rateLimit: 'mail',
    idempotent: true,
    body: accepts(IdentifierBody, {
      value: kind === 'email' ? 'ada@example.org' : kind === 'phone' ? '+4930123456' : 'ada',
    }),
    responses: { 200: json(AccountView, 'The account.', accountExample) },
    problems: ['identifier-taken', 'too-many-messages'],
    handler:
      ({ profiles }: Pick<Services, 'profiles'>) =>
      async ({ body, context, principal }) => {
        const { position } = await profiles.changeIdentifier(context, me(principal), kind, body.value, false);
        const { account, revision } = await profiles.view(context.tenant, me(principal));
        return { status: 200, body: accountView(me(principal), account), revision, position };
      },
  }),
  route({
    id: `removeMy${kind === 'email' ? 'Email' : kind === 'phone' ? 'Phone' : 'Username'}`,
    method: 'delete',
    path: `/t/:tenant/api/v1/me/${kind}`,
    summary: `Remove the ${kind === 'username' ? 'user name' : kind}`,
    tag: 'account',
    access: 'user',
    responses: { 204: empty('Removed.') },
    problems: ['identifier-required'],
    handler:
      ({ profiles }: Pick<Services, 'profiles'>) =>
      async ({ context, principal }) => {
        const { position } = await profiles.removeIdentifier(context, me(principal), kind);
        return { status: 204, position };
      },
  }),
]);

const addressRoutes = (['email', 'phone'] as const).flatMap((kind: AddressKind) => [
  route({
    id: kind === 'email' ? 'verifyMyEmail' : 'verifyMyPhone',
    method: 'post',
    path: `/t/:tenant/api/v1/me/${kind}/verification`,
    summary: `Send the verification of the ${kind} again`,
    tag: 'account',
    access: 'user',
    rateLimit: 'mail',
    idempotent: true,
    responses: { 202: empty('Sent.') },
    problems: ['nothing-to-verify', 'already-verified', 'too-many-messages'],
    handler:
      ({ verification }: Pick<Services, 'verification'>) =>
      async ({ context, principal }) => {
        const { position } = await verification.request(context, me(principal), kind);
        return { status: 202, position };
      },
  }),
  route({
    id: kind === 'email' ? 'confirmMyEmail' : 'confirmMyPhone',
    method: 'post',
    path: `/t/:tenant/api/v1/me/${kind}/verification/confirm`,
    summary: `Verify the ${kind} with the code`,
    tag: 'account',
    access: 'user',
    rateLimit: 'sign-in',
    idempotent: true,
    body: accepts(CodeBody, { code: '123456' }),
    responses: { 204: empty('Verified.') },
    problems: ['invalid-proof', 'identifier-taken', 'too-many-attempts'],
    handler:
      ({ verification }: Pick<Services, 'verification'>) =>
      async ({ body, context, principal }) => {
        const { position } = await verification.confirm(context, { kind, code: body.code, user: me(principal) });
        return { status: 204, position };
      },
  }),
]);

export const identifierRoutes = [...valueRoutes, ...addressRoutes];
