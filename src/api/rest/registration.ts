import { IsIn, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import type { Profile } from '../../domain/user/events.js';
import { FreeForm } from '../request/free-form.js';
import { OneLine } from '../request/one-line.js';
import { webAddress, webAddressMessage } from '../request/web-address.js';
import { json } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

/** Who somebody is and by what names they sign in; which are needed is the tenant's choice. */
export class PersonBody {
  @IsOptional() @IsString() @MaxLength(320) email?: string;
  @IsOptional() @IsString() @MaxLength(64) username?: string;
  @IsOptional() @IsString() @MaxLength(40) phone?: string;
  @IsOptional() @IsString() @Length(1, 100) @OneLine() firstName?: string;
  @IsOptional() @IsString() @Length(1, 100) @OneLine() lastName?: string;
  @IsOptional() @IsString() @MaxLength(2_000) @Matches(webAddress, webAddressMessage) picture?: string;
  @IsOptional() @IsString() @MaxLength(35) locale?: string;
  @IsOptional() @FreeForm() attributes?: Record<string, string>;
}

export class RegistrationBody extends PersonBody {
  @IsString() @MaxLength(4_096) password!: string;
}

export class AcceptedAnswer {
  @IsIn(['accepted']) status!: 'accepted';
}

export const namesOf = ({ email, username, phone }: PersonBody) => ({
  ...(email !== undefined && { email }),
  ...(username !== undefined && { username }),
  ...(phone !== undefined && { phone }),
});

export const profileOf = ({ firstName, lastName, picture, attributes }: PersonBody): Profile => ({
  ...(firstName !== undefined && { firstName }),
  ...(lastName !== undefined && { lastName }),
  ...(picture !== undefined && { picture }),
  ...(attributes !== undefined && { attributes }),
});

const person = {
  email: 'ada@example.com',
  password: 'correct horse battery staple',
  firstName: 'Ada',
  lastName: 'Lovelace',
};

export const registrationRoutes = [
  route({
    id: 'register',
    method: 'post',
    path: '/t/:tenant/api/v1/registrations',
    summary: 'Register',
    description:
      'Makes an account and sends a link and a code to its addresses. The answer is the same where an address is already registered: its owner is told by mail.',
    tag: 'registration',
    access: 'public',
    rateLimit: 'registration',
    even: 'every-answer',
    idempotent: true,
    body: accepts(RegistrationBody, person),
    responses: { 202: json(AcceptedAnswer, 'Taken; what happens next is said by mail.', { status: 'accepted' }) },
    problems: ['registration-closed', 'identifier-taken', 'identifier-required', 'busy'],
    handler:
      ({ registration }: Pick<Services, 'registration'>) =>
      async ({ body, context }) => {
        const { password, locale } = body;
        const names = namesOf(body);
        await registration.register(context, {
          names,
          profile: profileOf(body),
          password,
          ...(locale !== undefined && { locale }),
        });
        return { status: 202, body: { status: 'accepted' } };
      },
  }),
];
