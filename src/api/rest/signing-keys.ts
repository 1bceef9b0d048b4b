import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import type { SigningAlgorithm } from '../../domain/signingkeys/signing-keys.js';
import { empty } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class RotationBody {
  @IsOptional() @IsIn(['ES256', 'RS256', 'PS256', 'EdDSA']) algorithm?: SigningAlgorithm;
  /** Sign with the next key though it was published less than an hour ago. */
  @IsOptional() @IsBoolean() force?: boolean;
}

export const signingKeyRoutes = [
  route({
    id: 'rotateSigningKeys',
    method: 'post',
    path: '/t/:tenant/api/v1/signing-keys/rotate',
    summary: 'Rotate the signing keys',
    description:
      'The next key signs from now on, the current one stays published until its tokens have expired, and a new next key is made.',
    tag: 'tokens',
    access: 'tenant-admin',
    idempotent: true,
    body: accepts(RotationBody, { algorithm: 'ES256' }),
    responses: { 204: empty('Rotated.') },
    problems: ['next-key-too-young', 'no-such-key'],
    handler:
      ({ signingKeys }: Pick<Services, 'signingKeys'>) =>
      async ({ body, context }) => {
        await signingKeys.rotate(context, body.algorithm ?? 'ES256', body.force ?? false);
        return { status: 204 };
      },
  }),
];
