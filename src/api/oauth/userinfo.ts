import type { UserId } from '../../domain/values.js';
import { claimsOf } from '../../domain/user/standard-claims.js';
import { jsonSchema } from '../answer/responses.js';
import { type Method, route, type Route } from '../route.js';
import type { Services } from '../services.js';

type Needed = Pick<Services, 'profiles'>;

const schema = { type: 'object', required: ['sub'], properties: { sub: { type: 'string' } } };

const userinfo = (id: string, method: Method): Route<Needed> =>
  route({
    id,
    method,
    path: '/t/:tenant/oauth2/userinfo',
    summary: 'Claims about the person (OpenID Connect Core 1.0 section 5.3)',
    description: 'As far as the scopes of the access token go.',
    tag: 'oauth',
    access: 'user',
    scope: 'openid',
    rateLimit: 'protocol',
    cors: 'any',
    otherParameters: 'ignored',
    responses: {
      200: jsonSchema<object>(schema, 'The claims.', {
        sub: '0199b000-0000-5000-8000-000000000002',
        name: 'Ada Lovelace',
      }),
    },
    handler:
      ({ profiles }: Needed) =>
      async ({ tenant, principal }) => {
        const { account } = await profiles.view(tenant.id, principal.actor.id as UserId);
        return { status: 200, body: { sub: principal.actor.id, ...claimsOf(account, principal.scopes) } };
      },
  });

export const userinfoRoutes: readonly Route<Needed>[] = [
  userinfo('userinfo', 'get'),
  userinfo('userinfoByPost', 'post'),
];
