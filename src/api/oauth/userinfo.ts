import type { GrantId, UserId } from '../../domain/values.js';
import { jsonSchema } from '../answer/responses.js';
import { type Method, route, type Route } from '../route.js';
import type { Services } from '../services.js';

type Needed = Pick<Services, 'userinfo'>;

const schema = { type: 'object', required: ['sub'], properties: { sub: { type: 'string' } } };

const userinfo = (id: string, method: Method): Route<Needed> =>
  route({
    id,
    method,
    path: '/t/:tenant/oauth2/userinfo',
    summary: 'Claims about the person (OpenID Connect Core 1.0 section 5.3)',
    description:
      'As far as the scopes of the access token go, and the claims that its request named. By POST the token may be the field `access_token` of a form.',
    tag: 'oauth',
    access: 'user',
    scope: 'openid',
    rateLimit: 'protocol',
    cors: 'any',
    ...(method === 'post' && { bearerInForm: true as const }),
    otherParameters: 'ignored',
    responses: {
      200: jsonSchema<object>(schema, 'The claims.', {
        sub: '0199b000-0000-5000-8000-000000000002',
        name: 'Ada Lovelace',
      }),
    },
    handler:
      ({ userinfo: claims }: Needed) =>
      async ({ tenant, principal }) => {
        const { actor, grant, scopes } = principal;
        const about = await claims.about(tenant.id, actor.id as UserId, grant as GrantId, scopes);
        return { status: 200, body: { sub: actor.id, ...about } };
      },
  });

export const userinfoRoutes: readonly Route<Needed>[] = [
  userinfo('userinfo', 'get'),
  userinfo('userinfoByPost', 'post'),
];
