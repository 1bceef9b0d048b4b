import { IsInt, IsString, Max, Min } from 'class-validator';
import { empty, json } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class NewInitialAccessBody {
  /** How many applications may register with it. */
  @IsInt() @Min(1) @Max(10_000) uses!: number;
  @IsInt() @Min(60) @Max(365 * 86_400) expiresInSeconds!: number;
}

export class InitialAccessView {
  @IsString() id!: string;
  /** Shown once. */
  @IsString() token!: string;
  @IsString() expiresAt!: string;
}

export const initialAccessRoutes = [
  route({
    id: 'issueInitialAccess',
    method: 'post',
    path: '/t/:tenant/api/v1/initial-access-tokens',
    summary: 'Make a token with which applications register themselves (RFC 7591)',
    description: 'Needed where the setting `clientRegistration.mode` is `initial-access-token`.',
    tag: 'clients',
    access: 'tenant-admin',
    idempotent: true,
    body: accepts(NewInitialAccessBody, { uses: 1, expiresInSeconds: 86_400 }),
    responses: {
      201: json(InitialAccessView, 'The token; it is never shown again.', {
        id: '0199b000-0000-5000-8000-00000000000d',
        token: 'annal_iat_0199…',
        expiresAt: '2026-11-23T10:00:00.000Z',
      }),
    },
    handler:
      ({ initialAccessTokens }: Pick<Services, 'initialAccessTokens'>) =>
      async ({ body, context }) => {
        const issued = await initialAccessTokens.issue(context, body.uses, body.expiresInSeconds);
        const { position, ...made } = issued;
        return { status: 201, body: made, position };
      },
  }),
  route({
    id: 'revokeInitialAccess',
    method: 'post',
    path: '/t/:tenant/api/v1/initial-access-tokens/:initialAccess/revoke',
    summary: 'End a token with which applications register themselves',
    description: 'Those that have registered stay.',
    tag: 'clients',
    access: 'tenant-admin',
    idempotent: true,
    responses: { 204: empty('Done.') },
    problems: ['no-such-initial-access'],
    handler:
      ({ initialAccessTokens }: Pick<Services, 'initialAccessTokens'>) =>
      async ({ context, params }) => {
        return { status: 204, position: await initialAccessTokens.revoke(context, params.initialAccess) };
      },
  }),
];
