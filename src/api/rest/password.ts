import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { ResetProof } from '../../application/password-reset.js';
import { firstPartyClient } from '../../domain/client/client.js';
import type { SessionId, UserId } from '../../domain/values.js';
import { originOf } from '../request/origin.js';
import { Problem } from '../problems/problem.js';
import { empty, json } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import { AcceptedAnswer } from './registration.js';
import { TokensAnswer, tokensExample, tokensOf } from './sign-in.js';

export class PasswordChangeBody {
  @IsString() @MaxLength(4_096) current!: string;
  @IsString() @MaxLength(4_096) password!: string;
}

export class PasswordResetRequestBody {
  /** E-mail address, user name or phone number. */
  @IsString() @MaxLength(320) identifier!: string;
}

export class PasswordResetBody {
  /** Of the link; or the code with the identifier. */
  @IsOptional() @IsString() @MaxLength(200) token?: string;
  @IsOptional() @IsString() @MaxLength(16) code?: string;
  @IsOptional() @IsString() @MaxLength(320) identifier?: string;
  @IsString() @MaxLength(4_096) password!: string;
}

export class InvitationBody {
  @IsString() @MaxLength(200) token!: string;
  @IsString() @MaxLength(4_096) password!: string;
}

const password = 'a longer correct horse battery staple';

function proofOf({ token, code, identifier }: PasswordResetBody): ResetProof {
  if (token !== undefined) return { token };
  if (code !== undefined && identifier !== undefined) return { code, identifier };
  throw new Problem('invalid-fields', {
    errors: [{ pointer: '/token', code: 'one-of', message: 'Send token, or code and identifier.' }],
  });
}

export const passwordRoutes = [
  route({
    id: 'changePassword',
    method: 'post',
    path: '/t/:tenant/api/v1/me/password',
    summary: 'Change the password',
    description: 'Ends every session of the person and answers with a new one.',
    tag: 'account',
    access: 'user',
    rateLimit: 'sign-in',
    idempotent: true,
    body: accepts(PasswordChangeBody, { current: 'correct horse battery staple', password }),
    responses: { 200: json(TokensAnswer, 'Changed; tokens of the new session.', tokensExample) },
    problems: ['wrong-password', 'no-password', 'too-many-attempts', 'busy'],
    handler:
      ({ passwordChange, userAgents }: Pick<Services, 'passwordChange' | 'userAgents'>) =>
      async ({ body, context, principal, client }) => {
        const signedIn = await passwordChange.change(context, {
          user: principal.actor.id as UserId,
          ...body,
          client: firstPartyClient,
          origin: originOf(userAgents, client),
          factors: ['pwd'],
          ...(principal.session !== undefined && { session: principal.session as SessionId }),
        });
        return { status: 200, body: tokensOf(signedIn), position: signedIn.position };
      },
  }),
  route({
    id: 'requestPasswordReset',
    method: 'post',
    path: '/t/:tenant/api/v1/password-resets',
    summary: 'Forgot the password',
    description:
      'Sends a link and a code, so many an hour (`verification.perHour`) whoever asks; links that were sent before stay good until one is used. The answer tells neither whether there is such an account nor whether enough was sent.',
    tag: 'sign-in',
    access: 'public',
    rateLimit: 'mail',
    even: 'every-answer',
    idempotent: true,
    body: accepts(PasswordResetRequestBody, { identifier: 'ada@example.com' }),
    responses: { 202: json(AcceptedAnswer, 'Sent, if there is such an account.', { status: 'accepted' }) },
    handler:
      ({ passwordReset }: Pick<Services, 'passwordReset'>) =>
      async ({ body, context }) => {
        await passwordReset.request(context, body.identifier);
        return { status: 202, body: { status: 'accepted' } };
      },
  }),
  route({
    id: 'resetPassword',
    method: 'post',
    path: '/t/:tenant/api/v1/password-resets/confirm',
    summary: 'Set a new password',
    description: 'With the token of the link, or the code and the identifier. Ends every session of the person.',
    tag: 'sign-in',
    access: 'public',
    rateLimit: 'sign-in',
    even: 'refusals',
    idempotent: true,
    body: accepts(PasswordResetBody, { identifier: 'ada@example.com', code: '123456', password }),
    responses: { 204: empty('The new password is in force.') },
    problems: ['invalid-proof', 'too-many-attempts', 'busy'],
    handler:
      ({ passwordReset }: Pick<Services, 'passwordReset'>) =>
      async ({ body, context }) => {
        const position = await passwordReset.reset(context, proofOf(body), body.password);
        return { status: 204, position };
      },
  }),
  route({
    id: 'acceptInvitation',
    method: 'post',
    path: '/t/:tenant/api/v1/invitations/accept',
    summary: 'Accept an invitation',
    tag: 'registration',
    access: 'public',
    rateLimit: 'sign-in',
    idempotent: true,
    body: accepts(InvitationBody, { token: '3yGk…', password }),
    responses: { 204: empty('The password is set: sign in.') },
    problems: ['invalid-proof', 'busy'],
    handler:
      ({ invitations }: Pick<Services, 'invitations'>) =>
      async ({ body, context }) => {
        const { position } = await invitations.accept(context, body.token, body.password);
        return { status: 204, position };
      },
  }),
];
