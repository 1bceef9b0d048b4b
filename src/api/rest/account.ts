import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { AddressKind } from '../../application/verification.js';
import type { IdentifierKind } from '../../domain/tenant/settings.js';
import type { Existing } from '../../domain/user/state.js';
import { reveal, type SessionId, type UserId } from '../../domain/values.js';
import { FreeForm } from '../free-form.js';
import { empty, json } from '../responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class IdentifierView {
  @IsIn(['email', 'username', 'phone']) kind!: IdentifierKind;
  @IsString() value!: string;
  @IsBoolean() verified!: boolean;
}

export class AccountView {
  @IsString() id!: string;
  @IsIn(['invited', 'active', 'suspended', 'deactivated']) status!: string;
  @ValidateNested({ each: true }) @Type(() => IdentifierView) identifiers!: IdentifierView[];
  /** New values that wait for their verification. */
  @ValidateNested({ each: true }) @Type(() => IdentifierView) pending!: IdentifierView[];
  @IsOptional() @IsString() firstName?: string;
  @IsOptional() @IsString() lastName?: string;
  @IsOptional() @IsString() picture?: string;
  @IsString() locale!: string;
  @IsObject() attributes!: Record<string, unknown>;
  @IsBoolean() administrator!: boolean;
  @IsString() registeredAt!: string;
}

export class ProfileBody {
  /** `null` removes a value; what is left out stays (RFC 7396). */
  @IsOptional() @IsString() @Length(1, 100) firstName?: string | null;
  @IsOptional() @IsString() @Length(1, 100) lastName?: string | null;
  @IsOptional() @IsString() @MaxLength(2_000) picture?: string | null;
  @IsOptional() @IsString() @MaxLength(35) locale?: string;
  @IsOptional() @FreeForm() attributes?: Record<string, string>;
}

export class IdentifierBody {
  @IsString() @MaxLength(320) value!: string;
}

export class PasswordProofBody {
  @IsString() @MaxLength(4_096) password!: string;
}

export class CodeBody {
  @IsString() @MaxLength(16) code!: string;
}

export class SessionView {
  @IsString() id!: string;
  @IsBoolean() current!: boolean;
  @IsString() client!: string;
  @IsString() startedAt!: string;
  @IsString() expiresAt!: string;
  @IsArray() factors!: string[];
  @IsOptional() @IsString() ip?: string;
  @IsOptional() @IsString() browser?: string;
  @IsOptional() @IsString() operatingSystem?: string;
  @IsOptional() @IsString() device?: string;
  @IsOptional() @IsString() place?: string;
}

export class SessionsView {
  @ValidateNested({ each: true }) @Type(() => SessionView) sessions!: SessionView[];
}

export class SessionsScope {
  /** `others` keeps the session of the access token. */
  @IsOptional() @IsIn(['all', 'others']) which?: 'all' | 'others';
}

export function accountView(id: string, account: Existing): AccountView {
  const { firstName, lastName, picture, attributes } = reveal(account.profile) ?? {};
  const named = ({
    kind,
    value,
    verified,
  }: {
    kind: IdentifierKind;
    value: Parameters<typeof reveal>[0];
    verified: boolean;
  }) => ({
    kind,
    value: (reveal(value) as string | undefined) ?? '',
    verified,
  });
  return {
    id,
    status: account.status,
    identifiers: account.identifiers.map(named),
    pending: account.pending.map((one) => named({ ...one, verified: false })),
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(picture !== undefined && { picture }),
    locale: account.locale,
    attributes: attributes ?? {},
    administrator: account.administrator,
    registeredAt: account.registeredAt,
  };
}

export const accountExample: AccountView = {
  id: '0199b000-0000-5000-8000-000000000002',
  status: 'active',
  identifiers: [{ kind: 'email', value: 'ada@example.com', verified: true }],
  pending: [],
  firstName: 'Ada',
  lastName: 'Lovelace',
  locale: 'en',
  attributes: {},
  administrator: false,
  registeredAt: '2026-11-22T10:00:00.000Z',
};

export async function sessionsView(
  sessions: Services['sessions'],
  context: Parameters<Services['sessions']['list']>[0],
  owner: UserId,
  current: string | undefined,
): Promise<SessionsView> {
  const listed = await sessions.list(context, owner);
  return {
    sessions: listed.map(({ id, state, origin }) => {
      const { ip, browser, operatingSystem, device, place } = origin ?? {};
      return {
        id,
        current: id === current,
        client: state.client,
        startedAt: state.at,
        expiresAt: state.expiresAt,
        factors: [...state.factors],
        ...(ip !== undefined && { ip }),
        ...(browser !== undefined && { browser }),
        ...(operatingSystem !== undefined && { operatingSystem }),
        ...(device !== undefined && { device }),
        ...(place !== undefined && { place }),
      };
    }),
  };
}

export const sessionsExample: SessionsView = {
  sessions: [
    {
      id: '0199b000-0000-5000-8000-000000000001',
      current: true,
      client: 'annal',
      startedAt: '2026-11-22T10:00:00.000Z',
      expiresAt: '2026-12-22T10:00:00.000Z',
      factors: ['pwd'],
      ip: '203.0.113.7',
      browser: 'Firefox 131',
      operatingSystem: 'Windows 10',
      device: 'desktop',
    },
  ],
};

const me = (principal: { actor: { id: string } }): UserId => principal.actor.id as UserId;

const identifierRoutes = (['email', 'phone', 'username'] as const).flatMap((kind) => [
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
    problems: ['invalid-proof', 'identifier-taken'],
    handler:
      ({ verification }: Pick<Services, 'verification'>) =>
      async ({ body, context, principal }) => {
        const { position } = await verification.confirm(context, { kind, code: body.code, user: me(principal) });
        return { status: 204, position };
      },
  }),
]);

export const accountRoutes = [
  route({
    id: 'viewMyAccount',
    method: 'get',
    path: '/t/:tenant/api/v1/me',
    summary: 'My account',
    tag: 'account',
    access: 'user',
    responses: { 200: json(AccountView, 'The account.', accountExample) },
    handler:
      ({ profiles }: Pick<Services, 'profiles'>) =>
      async ({ context, principal }) => {
        const { account, revision } = await profiles.view(context.tenant, me(principal));
        return { status: 200, body: accountView(me(principal), account), revision };
      },
  }),
  route({
    id: 'changeMyProfile',
    method: 'patch',
    path: '/t/:tenant/api/v1/me',
    summary: 'Change my profile',
    tag: 'account',
    access: 'user',
    ifMatch: 'optional',
    body: accepts(ProfileBody, { firstName: 'Augusta' }, { mediaType: 'application/merge-patch+json' }),
    responses: { 200: json(AccountView, 'The account.', accountExample) },
    handler:
      ({ profiles }: Pick<Services, 'profiles'>) =>
      async ({ body, context, principal, expectedRevision }) => {
        const { position } = await profiles.change(context, me(principal), body, expectedRevision);
        const { account, revision } = await profiles.view(context.tenant, me(principal));
        return { status: 200, body: accountView(me(principal), account), revision, position };
      },
  }),
  ...identifierRoutes,
  ...addressRoutes,
  route({
    id: 'listMySessions',
    method: 'get',
    path: '/t/:tenant/api/v1/me/sessions',
    summary: 'Where I am signed in',
    tag: 'account',
    access: 'user',
    responses: { 200: json(SessionsView, 'Newest first.', sessionsExample) },
    handler:
      ({ sessions }: Pick<Services, 'sessions'>) =>
      async ({ context, principal }) => ({
        status: 200,
        body: await sessionsView(sessions, context, me(principal), principal.session),
      }),
  }),
  route({
    id: 'endMySession',
    method: 'delete',
    path: '/t/:tenant/api/v1/me/sessions/:session',
    summary: 'End one of my sessions',
    tag: 'account',
    access: 'user',
    responses: { 204: empty('Ended, with all its tokens.') },
    problems: ['no-such-session'],
    handler:
      ({ sessions }: Pick<Services, 'sessions'>) =>
      async ({ context, principal, params }) => ({
        status: 204,
        position: await sessions.end(context, me(principal), params.session as SessionId, 'revoked'),
      }),
  }),
  route({
    id: 'endMySessions',
    method: 'delete',
    path: '/t/:tenant/api/v1/me/sessions',
    summary: 'End my sessions, all or all others',
    tag: 'account',
    access: 'user',
    query: SessionsScope,
    responses: { 204: empty('Ended, with all their tokens.') },
    handler:
      ({ sessions }: Pick<Services, 'sessions'>) =>
      async ({ context, principal, query }) => {
        const except = query.which === 'others' ? (principal.session as SessionId) : undefined;
        return { status: 204, position: await sessions.endAll(context, me(principal), except) };
      },
  }),
  route({
    id: 'deactivateMyAccount',
    method: 'post',
    path: '/t/:tenant/api/v1/me/deactivate',
    summary: 'Deactivate my account',
    description: 'Signs out everywhere. An administrator can bring the account back until it is erased.',
    tag: 'account',
    access: 'user',
    idempotent: true,
    responses: { 204: empty('Deactivated.') },
    problems: ['last-administrator'],
    handler:
      ({ userAdministration }: Pick<Services, 'userAdministration'>) =>
      async ({ context, principal }) => {
        const { position } = await userAdministration.deactivate(context, me(principal), 'self');
        return { status: 204, position };
      },
  }),
  route({
    id: 'eraseMyAccount',
    method: 'post',
    path: '/t/:tenant/api/v1/me/erase',
    summary: 'Erase my account',
    description: 'Destroys the keys of everything personal. Nobody can undo it, so the password is asked for again.',
    tag: 'account',
    access: 'user',
    rateLimit: 'sign-in',
    idempotent: true,
    body: accepts(PasswordProofBody, { password: 'correct horse battery staple' }),
    responses: { 204: empty('Erased.') },
    problems: ['last-administrator', 'wrong-password', 'too-many-attempts', 'busy'],
    handler:
      ({ userAdministration, passwordChange }: Pick<Services, 'userAdministration' | 'passwordChange'>) =>
      async ({ body, context, principal }) => {
        await passwordChange.prove(context, me(principal), body.password);
        const { position } = await userAdministration.erase(context, me(principal));
        return { status: 204, position };
      },
  }),
];
