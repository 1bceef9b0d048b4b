import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator';
import { type SigningAlgorithm, signingAlgorithms } from '../../domain/signingkeys/signing-keys.js';
import type { KeyId } from '../../domain/values.js';
import { empty, json } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class RotationBody {
  @IsOptional() @IsIn(signingAlgorithms) algorithm?: SigningAlgorithm;
  /** Sign with the next key though it was published less than an hour ago. */
  @IsOptional() @IsBoolean() force?: boolean;
}

export class SigningKeyView {
  /** `kid`. */
  @IsString() id!: string;
  @IsIn(signingAlgorithms) algorithm!: SigningAlgorithm;
  @IsIn(['next', 'current', 'previous']) status!: string;
  /** When it got this status. */
  @IsString() since!: string;
}

export class SigningKeysView {
  @ValidateNested({ each: true }) @Type(() => SigningKeyView) keys!: SigningKeyView[];
}

const keyExample: SigningKeyView = {
  id: '0199b000-0000-5000-8000-00000000000e',
  algorithm: 'ES256',
  status: 'current',
  since: '2026-09-01T08:00:00.000Z',
};

export const signingKeyRoutes = [
  route({
    id: 'listSigningKeys',
    method: 'get',
    path: '/t/:tenant/api/v1/signing-keys',
    summary: 'List the signing keys',
    description: 'Next, current and previous keys of every algorithm that was asked for so far.',
    tag: 'tokens',
    access: 'tenant-admin',
    responses: { 200: json(SigningKeysView, 'The keys.', { keys: [keyExample] }) },
    handler:
      ({ signingKeys }: Pick<Services, 'signingKeys'>) =>
      async ({ tenant }) => {
        const keys = await signingKeys.list(tenant.id);
        return {
          status: 200,
          body: { keys: keys.map(({ key: id, algorithm, status, since }) => ({ id, algorithm, status, since })) },
        };
      },
  }),
  route({
    id: 'replaceCompromisedSigningKey',
    method: 'post',
    path: '/t/:tenant/api/v1/signing-keys/:key/compromised',
    summary: 'Retire a compromised signing key',
    description:
      'Every token that it signed is worth nothing from now on, and the next key signs. Caches of the JWK Set may show the retired key for up to fifteen minutes: resource servers that check signatures alone should load it anew.',
    tag: 'tokens',
    access: 'tenant-admin',
    idempotent: true,
    responses: { 204: empty('Retired.') },
    problems: ['no-such-key'],
    handler:
      ({ signingKeys }: Pick<Services, 'signingKeys'>) =>
      async ({ context, params }) => {
        await signingKeys.replaceCompromised(context, params.key as KeyId);
        return { status: 204 };
      },
  }),
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
