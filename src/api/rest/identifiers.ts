import { IsString, MaxLength } from 'class-validator';
import type { AddressKind } from '../../application/verification.js';
import type { IdentifierKind } from '../../domain/tenant/settings.js';
import type { SessionId } from '../../domain/values.js';
import { empty, json } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import { accountExample, AccountView, accountView, me } from './account.js';

/** An access token alone changes nothing that its person signs in with or gets an account back by. */
export class IdentifierRemovalBody {
  @IsString() @MaxLength(4_096) currentPassword!: string;
}

export class IdentifierBody extends IdentifierRemovalBody {
  @IsString() @MaxLength(320) value!: string;
}

export class CodeBody {
  @IsString() @MaxLength(16) code!: string;
}

type Kind = Readonly<{ id: string; kind: IdentifierKind; name: string; example: string; whenChanged: string }>;

const waits =
  'A link and a code are sent to the new value; until it is verified the old one stays in force, and then hears of the change.';
const kinds: readonly Kind[] = [
  { id: 'Email', kind: 'email', name: 'e-mail address', example: 'ada@example.org', whenChanged: waits },
  { id: 'Phone', kind: 'phone', name: 'phone number', example: '+4930123456', whenChanged: waits },
  { id: 'Username', kind: 'username', name: 'user name', example: 'ada', whenChanged: 'In force at once.' },
];

const proved =
  'Asks for the current password; wrong ones count like those of sign-ins. Whoever has none sets one by a password reset first.';
const proofProblems = ['wrong-password', 'no-password', 'too-many-attempts', 'busy'] as const;
const currentPassword = 'correct horse battery staple';

const valueRoutes = kinds.flatMap(({ id, kind, name, example, whenChanged }) => [
  route({
    id: `changeMy${id}`,
    method: 'put',
    path: `/t/:tenant/api/v1/me/${kind}`,
    summary: `Change the ${name}`,
    description: `${whenChanged} ${proved}`,
    tag: 'account',
    access: 'user',
    rateLimit: kind === 'username' ? 'sign-in' : 'mail',
    idempotent: true,
    body: accepts(IdentifierBody, { value: example, currentPassword }),
    responses: { 200: json(AccountView, 'The account.', accountExample) },
    problems: ['identifier-taken', 'too-many-messages', ...proofProblems],
    handler:
      ({
        accountIdentifiers,
        profiles,
        passwordChange,
      }: Pick<Services, 'accountIdentifiers' | 'profiles' | 'passwordChange'>) =>
      async ({ body, context, principal }) => {
        const owner = me(principal);
        const session = principal.session as SessionId | undefined;
        const credentials = await passwordChange.prove(context, owner, body.currentPassword, session);
        const { position } = await accountIdentifiers.change(context, owner, { kind, input: body.value, credentials });
        const { account, revision } = await profiles.view(context.tenant, owner);
        return { status: 200, body: accountView(owner, account), revision, position };
      },
  }),
  // Not DELETE: what is removed depends on the password in the body, and bodies of DELETE get lost on their way (RFC 9110 section 9.3.5).
  route({
    id: `removeMy${id}`,
    method: 'post',
    path: `/t/:tenant/api/v1/me/${kind}/remove`,
    summary: `Remove the ${name}`,
    description: `A new value that waits for its verification is removed with it. ${proved}`,
    tag: 'account',
    access: 'user',
    rateLimit: 'sign-in',
    idempotent: true,
    body: accepts(IdentifierRemovalBody, { currentPassword }),
    responses: { 204: empty('Removed.') },
    problems: ['identifier-required', ...proofProblems],
    handler:
      ({ accountIdentifiers, passwordChange }: Pick<Services, 'accountIdentifiers' | 'passwordChange'>) =>
      async ({ body, context, principal }) => {
        const owner = me(principal);
        await passwordChange.prove(context, owner, body.currentPassword, principal.session as SessionId | undefined);
        const { position } = await accountIdentifiers.remove(context, owner, kind);
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
    description:
      'To the new value where one waits to replace the one in force. Codes that were sent before are worth nothing then; links stay good.',
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
