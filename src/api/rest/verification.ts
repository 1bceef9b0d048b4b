import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { AddressKind, Proof } from '../../application/verification.js';
import { Problem } from '../problems/problem.js';
import { empty, json } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import { AcceptedAnswer } from './registration.js';

/** Exactly one of the two. */
export class AddressBody {
  @IsOptional() @IsString() @MaxLength(320) email?: string;
  @IsOptional() @IsString() @MaxLength(40) phone?: string;
}

/** The token of the link, or the code with the address it was sent to. */
export class AddressProofBody extends AddressBody {
  @IsOptional() @IsString() @MaxLength(200) token?: string;
  @IsOptional() @IsString() @MaxLength(16) code?: string;
}

export function addressOf({ email, phone }: AddressBody): Readonly<{ kind: AddressKind; input: string }> {
  if (email !== undefined && phone === undefined) return { kind: 'email', input: email };
  if (phone !== undefined && email === undefined) return { kind: 'phone', input: phone };
  throw new Problem('invalid-fields', {
    errors: [{ pointer: '/email', code: 'one-of', message: 'Send email or phone, one of them.' }],
  });
}

function proofOf(body: AddressProofBody): Proof {
  if (body.token !== undefined) return { token: body.token };
  if (body.code === undefined) throw new Problem('invalid-proof');
  return { ...addressOf(body), code: body.code };
}

export const verificationRoutes = [
  route({
    id: 'requestVerification',
    method: 'post',
    path: '/t/:tenant/api/v1/verifications',
    summary: 'Send the verification again',
    description:
      'To the address that is named, also while another one waits to replace it, so many times an hour (`verification.perHour`) whoever asks. Links that were sent before stay good, codes do not. The answer tells neither whether there was anything to send nor whether enough was sent.',
    tag: 'registration',
    access: 'public',
    rateLimit: 'mail',
    even: 'every-answer',
    idempotent: true,
    body: accepts(AddressBody, { email: 'ada@example.com' }),
    responses: { 202: json(AcceptedAnswer, 'Sent, if there is such an unverified address.', { status: 'accepted' }) },
    handler:
      ({ verification }: Pick<Services, 'verification'>) =>
      async ({ body, context }) => {
        const { kind, input } = addressOf(body);
        await verification.requestFor(context, kind, input);
        return { status: 202, body: { status: 'accepted' } };
      },
  }),
  route({
    id: 'confirmVerification',
    method: 'post',
    path: '/t/:tenant/api/v1/verifications/confirm',
    summary: 'Verify an address',
    description: 'With the token of the link, or with the code and the address it was sent to.',
    tag: 'registration',
    access: 'public',
    rateLimit: 'sign-in',
    even: 'refusals',
    idempotent: true,
    body: accepts(AddressProofBody, { email: 'ada@example.com', code: '123456' }),
    responses: { 204: empty('The address is verified.') },
    problems: ['invalid-proof', 'identifier-taken', 'too-many-attempts'],
    handler:
      ({ verification }: Pick<Services, 'verification'>) =>
      async ({ body, context }) => {
        const { position } = await verification.confirm(context, proofOf(body));
        return { status: 204, position };
      },
  }),
];
