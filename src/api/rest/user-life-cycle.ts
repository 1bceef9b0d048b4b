import { IsString, Length } from 'class-validator';
import type { UserAdministration } from '../../application/user-administration.js';
import type { UserId } from '../../domain/values.js';
import { empty } from '../answer/responses.js';
import { OneLine } from '../request/one-line.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class SuspensionBody {
  @IsString() @Length(1, 200) @OneLine() reason!: string;
}

type Plain = Parameters<UserAdministration['apply']>[2];

/** Commands without a body: path, what they do, the command. */
const plainCommands: readonly (readonly [id: string, path: string, summary: string, type: Plain])[] = [
  ['reactivateUser', 'reactivate', 'Lift a suspension', 'ReactivateUser'],
  ['undeleteUser', 'undelete', 'Bring a deactivated account back', 'UndeleteUser'],
  ['revokeUserSessions', 'revoke-sessions', 'Sign a person out everywhere', 'RevokeSessions'],
  ['appointAdministrator', 'appoint-administrator', 'Make a person an administrator', 'AppointAdministrator'],
  ['dismissAdministrator', 'dismiss-administrator', 'Take an administrator’s powers', 'DismissAdministrator'],
];

export const userLifeCycleRoutes = [
  route({
    id: 'suspendUser',
    method: 'post',
    path: '/t/:tenant/api/v1/users/:user/suspend',
    summary: 'Suspend a person',
    description:
      'Ends every session and token at once. The reason is shown to administrators until the suspension is lifted.',
    tag: 'administration',
    access: 'tenant-admin',
    idempotent: true,
    body: accepts(SuspensionBody, { reason: 'Left the company' }),
    responses: { 204: empty('Suspended.') },
    problems: ['no-such-user', 'user-not-active', 'last-administrator'],
    handler:
      ({ userAdministration }: Pick<Services, 'userAdministration'>) =>
      async ({ body, context, params }) => {
        const { position } = await userAdministration.suspend(context, params.user as UserId, body.reason);
        return { status: 204, position };
      },
  }),
  ...plainCommands.map(([id, path, summary, type]) =>
    route({
      id,
      method: 'post',
      path: `/t/:tenant/api/v1/users/:user/${path}` as '/t/:tenant/api/v1/users/:user/command',
      summary,
      tag: 'administration',
      access: 'tenant-admin',
      idempotent: true,
      responses: { 204: empty('Done.') },
      problems: ['no-such-user', 'not-suspended', 'not-deactivated', 'user-erased', 'last-administrator'],
      handler:
        ({ userAdministration }: Pick<Services, 'userAdministration'>) =>
        async ({ context, params }) => {
          const { position } = await userAdministration.apply(context, params.user as UserId, type);
          return { status: 204, position };
        },
    }),
  ),
  route({
    id: 'deactivateUser',
    method: 'post',
    path: '/t/:tenant/api/v1/users/:user/deactivate',
    summary: 'Deactivate an account',
    tag: 'administration',
    access: 'tenant-admin',
    idempotent: true,
    responses: { 204: empty('Deactivated; it can be brought back until it is erased.') },
    problems: ['no-such-user', 'last-administrator'],
    handler:
      ({ userAdministration }: Pick<Services, 'userAdministration'>) =>
      async ({ context, params }) => {
        const { position } = await userAdministration.deactivate(context, params.user as UserId, 'administrator');
        return { status: 204, position };
      },
  }),
  route({
    id: 'eraseUser',
    method: 'delete',
    path: '/t/:tenant/api/v1/users/:user',
    summary: 'Erase a person',
    description: 'Destroys the keys of everything personal. Nobody can undo it; the log keeps what nobody can read.',
    tag: 'administration',
    access: 'tenant-admin',
    idempotent: true,
    responses: { 204: empty('Erased.') },
    problems: ['no-such-user', 'last-administrator'],
    handler:
      ({ userAdministration }: Pick<Services, 'userAdministration'>) =>
      async ({ context, params }) => {
        const { position } = await userAdministration.erase(context, params.user as UserId);
        return { status: 204, position };
      },
  }),
  route({
    id: 'unlockUser',
    method: 'post',
    path: '/t/:tenant/api/v1/users/:user/unlock',
    summary: 'Lift a lockout',
    tag: 'administration',
    access: 'tenant-admin',
    idempotent: true,
    responses: { 204: empty('The person may try again.') },
    handler:
      ({ passwordChange, profiles }: Pick<Services, 'passwordChange' | 'profiles'>) =>
      async ({ context, params }) => {
        await profiles.view(context.tenant, params.user as UserId);
        return { status: 204, position: await passwordChange.unlock(context, params.user as UserId, 'administrator') };
      },
  }),
  route({
    id: 'requirePasswordChange',
    method: 'post',
    path: '/t/:tenant/api/v1/users/:user/require-password-change',
    summary: 'Ask for a new password at the next sign-in',
    tag: 'administration',
    access: 'tenant-admin',
    idempotent: true,
    responses: { 204: empty('Asked for.') },
    problems: ['no-such-user', 'no-password'],
    handler:
      ({ passwordChange, profiles }: Pick<Services, 'passwordChange' | 'profiles'>) =>
      async ({ context, params }) => {
        await profiles.view(context.tenant, params.user as UserId);
        return { status: 204, position: await passwordChange.require(context, params.user as UserId) };
      },
  }),
  route({
    id: 'resendInvitation',
    method: 'post',
    path: '/t/:tenant/api/v1/users/:user/resend-invitation',
    summary: 'Send an invitation again',
    tag: 'administration',
    access: 'tenant-admin',
    rateLimit: 'mail',
    idempotent: true,
    responses: { 202: empty('Sent.') },
    problems: ['no-such-user', 'not-invited'],
    handler:
      ({ invitations, profiles }: Pick<Services, 'invitations' | 'profiles'>) =>
      async ({ context, params }) => {
        await profiles.view(context.tenant, params.user as UserId);
        return { status: 202, position: await invitations.repeat(context, params.user as UserId) };
      },
  }),
];
