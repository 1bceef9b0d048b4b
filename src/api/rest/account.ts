import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { IdentifierKind } from '../../domain/tenant/settings.js';
import type { Existing } from '../../domain/user/state.js';
import { reveal, type SessionId, type UserId } from '../../domain/values.js';
import { FreeForm } from '../request/free-form.js';
import { OneLine } from '../request/one-line.js';
import { webAddress, webAddressMessage } from '../request/web-address.js';
import { empty, json } from '../answer/responses.js';
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
  /** Why it is suspended, as the administrator put it. */
  @IsOptional() @IsString() suspensionReason?: string;
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
  @IsOptional() @IsString() @Length(1, 100) @OneLine() firstName?: string | null;
  @IsOptional() @IsString() @Length(1, 100) @OneLine() lastName?: string | null;
  @IsOptional() @IsString() @MaxLength(2_000) @Matches(webAddress, webAddressMessage) picture?: string | null;
  @IsOptional() @IsString() @MaxLength(35) locale?: string;
  @IsOptional() @FreeForm() attributes?: Record<string, string>;
}

export class PasswordProofBody {
  @IsString() @MaxLength(4_096) password!: string;
}

export function accountView(id: string, account: Existing): AccountView {
  const { firstName, lastName, picture, attributes } = reveal(account.profile) ?? {};
  const suspensionReason = reveal(account.suspension);
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
    ...(suspensionReason !== undefined && { suspensionReason }),
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

/** Who calls. */
export const me = (principal: { actor: { id: string } }): UserId => principal.actor.id as UserId;

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
  route({
    id: 'deactivateMyAccount',
    method: 'post',
    path: '/t/:tenant/api/v1/me/deactivate',
    summary: 'Deactivate my account',
    description:
      'Signs out everywhere. Only an administrator can bring the account back, so the password is asked for again; whoever has none sets one by a password reset first.',
    tag: 'account',
    access: 'user',
    rateLimit: 'sign-in',
    idempotent: true,
    body: accepts(PasswordProofBody, { password: 'correct horse battery staple' }),
    responses: { 204: empty('Deactivated.') },
    problems: ['last-administrator', 'wrong-password', 'no-password', 'too-many-attempts', 'busy'],
    handler:
      ({ userAdministration, passwordChange }: Pick<Services, 'userAdministration' | 'passwordChange'>) =>
      async ({ body, context, principal }) => {
        await passwordChange.prove(context, me(principal), body.password, principal.session as SessionId | undefined);
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
        await passwordChange.prove(context, me(principal), body.password, principal.session as SessionId | undefined);
        const { position } = await userAdministration.erase(context, me(principal));
        return { status: 204, position };
      },
  }),
];
