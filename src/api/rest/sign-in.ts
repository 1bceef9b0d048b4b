import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import type { SignedIn } from '../../application/sessions.js';
import type { SignInAnswer } from '../../application/sign-in.js';
import type { TenantId } from '../../domain/values.js';
import { lastLogins, type LoginRow } from '../../projections/login-history.js';
import { callingClient } from '../oauth/client-authentication.js';
import { originOf } from '../request/origin.js';
import { json } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class SignInBody {
  /** E-mail address, user name or phone number. */
  @IsString() @MaxLength(320) identifier!: string;
  @IsString() @MaxLength(4_096) password!: string;
  @IsOptional() @IsString() @MaxLength(64) client?: string;
  @IsOptional() @IsString() @MaxLength(200) deviceToken?: string;
}

export class ContinueBody {
  @IsString() @MaxLength(4_096) flow!: string;
  @IsOptional() @IsString() @MaxLength(16) code?: string;
  @IsOptional() @IsString() @MaxLength(4_096) password?: string;
}

export class LastSignIn {
  @IsString() at!: string;
  @IsOptional() @IsString() ip?: string;
  @IsOptional() @IsString() browser?: string;
  @IsOptional() @IsString() operatingSystem?: string;
}

export class TokensAnswer {
  @IsString() accessToken!: string;
  @IsIn(['Bearer']) tokenType!: 'Bearer';
  /** Seconds. */
  @IsInt() expiresIn!: number;
  @IsString() refreshToken!: string;
  @IsString() scope!: string;
  @IsString() session!: string;
  @IsString() user!: string;
}

/** Signed in, or the next step with the `flow` to send along. */
export class SignInView {
  @IsIn(['signed-in', 'next']) status!: 'signed-in' | 'next';
  @IsOptional() @ValidateNested() @Type(() => TokensAnswer) tokens?: TokensAnswer;
  /** Keep it and send it with the next sign-in, so that strangers' wrong guesses never lock this device out. */
  @IsOptional() @IsString() deviceToken?: string;
  @IsOptional() @ValidateNested() @Type(() => LastSignIn) lastSuccessful?: LastSignIn;
  @IsOptional() @ValidateNested() @Type(() => LastSignIn) lastFailed?: LastSignIn;
  @IsOptional() @IsIn(['verify-email', 'verify-phone', 'change-password', 'second-factor', 'captcha']) next?: string;
  @IsOptional() @IsString() flow?: string;
}

export const tokensOf = ({ accessToken, refreshToken, expiresIn, scope, session, user }: SignedIn): TokensAnswer => ({
  accessToken,
  tokenType: 'Bearer',
  expiresIn,
  refreshToken,
  scope: scope.join(' '),
  session,
  user,
});

export const tokensExample: TokensAnswer = {
  accessToken: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9…',
  tokenType: 'Bearer',
  expiresIn: 300,
  refreshToken: 'annal_rt_0199…',
  scope: 'openid profile email phone address account administration',
  session: '0199b000-0000-5000-8000-000000000001',
  user: '0199b000-0000-5000-8000-000000000002',
};

const example: SignInView = { status: 'signed-in', tokens: tokensExample, deviceToken: 'annal_dt_0199…' };

const lastOf = (row: LoginRow | undefined): LastSignIn | undefined =>
  row && {
    at: row.at.toISOString(),
    ...(row.ip !== null && { ip: row.ip }),
    ...(row.browser !== null && { browser: row.browser }),
    ...(row.operating_system !== null && { operatingSystem: row.operating_system }),
  };

type ViewServices = 'knex' | 'readModels';

async function viewOf(
  { knex, readModels }: Pick<Services, ViewServices>,
  tenant: TenantId,
  answer: SignInAnswer,
  at: string,
): Promise<SignInView> {
  if (answer.status === 'next') return { status: 'next', next: answer.next, flow: answer.flow };
  const { signedIn, deviceToken } = answer;
  // Rather none than one that may not be the last; whether somebody signs in never depends on a read model.
  const isWhole = (await readModels.standing('login_history', tenant)) === 'serving';
  const last = isWhole ? await lastLogins(knex, tenant, signedIn.user, at) : {};
  const lastSuccessful = lastOf(last.lastSuccessful);
  const lastFailed = lastOf(last.lastFailed);
  return {
    status: 'signed-in',
    tokens: tokensOf(signedIn),
    deviceToken,
    ...(lastSuccessful && { lastSuccessful }),
    ...(lastFailed && { lastFailed }),
  };
}

const partsOf = (answer: SignInAnswer) =>
  answer.status === 'signed-in'
    ? { position: answer.signedIn.position, person: answer.signedIn.user }
    : { person: answer.user };

export const signInRoutes = [
  route({
    id: 'signIn',
    method: 'post',
    path: '/t/:tenant/api/v1/sign-in',
    summary: 'Sign in with a password',
    description:
      'For first-party apps. Answers with tokens, or with the next step: send what it asks for to `/sign-in/continue`. Wrong names, wrong passwords and accounts that may not sign in are answered alike; so are accounts that registered themselves and proved no address yet, where the tenant wants that first (`verification.requiredToSignIn`). A confidential client proves itself with HTTP Basic authentication.',
    tag: 'sign-in',
    access: 'public',
    rateLimit: 'sign-in',
    even: 'refusals',
    idempotent: true,
    body: accepts(SignInBody, { identifier: 'ada@example.com', password: 'correct horse battery staple' }),
    responses: { 200: json(SignInView, 'Signed in, or what is still to do.', example) },
    problems: ['wrong-credentials', 'too-many-attempts', 'unknown-client', 'invalid-client', 'busy'],
    handler:
      ({ signIn, clients, userAgents, ...views }: Pick<Services, 'signIn' | 'clients' | 'userAgents' | ViewServices>) =>
      async ({ body, context, client, tenant, header }) => {
        const { identifier, password, deviceToken } = body;
        const answer = await signIn.signIn(context, {
          identifier,
          password,
          client: await callingClient(clients, tenant.id, header('authorization'), body.client, context.at),
          origin: originOf(userAgents, client),
          ...(deviceToken !== undefined && { deviceTokens: [deviceToken] }),
        });
        return { status: 200, body: await viewOf(views, context.tenant, answer, context.at), ...partsOf(answer) };
      },
  }),
  route({
    id: 'continueSignIn',
    method: 'post',
    path: '/t/:tenant/api/v1/sign-in/continue',
    summary: 'Go on with a sign-in',
    description:
      '`verify-email` and `verify-phone` want the `code` that was sent, `change-password` the new `password`.',
    tag: 'sign-in',
    access: 'public',
    rateLimit: 'sign-in',
    idempotent: true,
    body: accepts(ContinueBody, { flow: 'v1.0199…', code: '123456' }),
    responses: { 200: json(SignInView, 'Signed in, or what is still to do.', example) },
    problems: ['invalid-flow', 'invalid-proof', 'too-many-attempts', 'busy'],
    handler:
      ({
        signInContinuation,
        userAgents,
        ...views
      }: Pick<Services, 'signInContinuation' | 'userAgents' | ViewServices>) =>
      async ({ body, context, client }) => {
        const { flow, code, password } = body;
        const answer = await signInContinuation.continue(context, {
          flow,
          origin: originOf(userAgents, client),
          ...(code !== undefined && { code }),
          ...(password !== undefined && { password }),
        });
        return { status: 200, body: await viewOf(views, context.tenant, answer, context.at), ...partsOf(answer) };
      },
  }),
];
