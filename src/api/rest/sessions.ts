import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { SessionId, UserId } from '../../domain/values.js';
import { empty, json } from '../answer/responses.js';
import { route } from '../route.js';
import type { Services } from '../services.js';
import { me } from './account.js';

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

export const sessionRoutes = [
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
];
