import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { CommandContext } from '../../application/ports/event-log.js';
import type { AddressKind, Proof } from '../../application/verification.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { seeOther, shown, shownAgain, shownAsDead } from './page-answers.js';
import { formRow, LinkForm, OnceForm, pageRow } from './page-rows.js';
import { refusalOf, typedCode } from './refusals.js';
import type { Sheet } from './sheets.js';
import { siteOf, type Visit } from './site.js';
import {
  codeSheet,
  confirmedSheet,
  confirmSheet,
  deadVerificationSheet,
  messageSheet,
  type VerificationPlace,
  verificationPath,
} from './verification-sheets.js';

type Needed = Pick<Services, 'tenants' | 'verification'>;

/** The address stands under the name of its kind. */
export class AddressForm extends OnceForm {
  @IsOptional() @IsString() @MaxLength(2_000) email?: string;
  @IsOptional() @IsString() @MaxLength(2_000) phone?: string;
}

export class AddressCodeForm extends AddressForm {
  @IsString() @MaxLength(100) code!: string;
}

const addressOf = (kind: AddressKind, form: AddressForm): string => form[kind] ?? '';

const proofOf = (kind: AddressKind, form: AddressCodeForm): Proof => ({
  kind,
  code: typedCode(form.code),
  input: addressOf(kind, form),
});

const ids = { email: 'verifyEmail', phone: 'verifyPhone' } as const;
const examples = { email: { email: 'ada@example.com' }, phone: { phone: '+4930123456' } } as const;

/** Where people confirm addresses of one kind, with the link or the code of a message. */
function pagesOf(kind: AddressKind): readonly Route<Needed>[] {
  const id = ids[kind];
  const path = `/t/:tenant/verify-${kind}` as const;
  const placeOf = async (
    { tenants }: Needed,
    visit: Visit & Readonly<{ context: CommandContext }>,
  ): Promise<VerificationPlace> => ({
    site: await siteOf(tenants, visit),
    kind,
    once: visit.context.commandId,
  });
  const plain = (name: string, under: string, summary: string, sheet: (place: VerificationPlace) => Sheet) =>
    pageRow({
      id: `${id}${name}`,
      path: `${path}/${under}`,
      summary,
      show: (services: Needed) => async (request) => {
        const place = await placeOf(services, request);
        return shown(place.site, sheet(place));
      },
    });
  return [
    pageRow({
      id: `${id}Page`,
      path,
      summary: 'Where the link of a message leads: shows a button, or without a token asks for the code',
      show: (services: Needed) => async (request) => {
        const place = await placeOf(services, request);
        const { token } = request.query;
        if (!token) return shown(place.site, codeSheet(place));
        const pending = await services.verification.pending(request.context, token);
        return pending?.kind === kind
          ? shown(place.site, confirmSheet(place, token, pending.address))
          : shownAsDead(place.site, deadVerificationSheet(place));
      },
    }),
    formRow({
      id: `${id}ByLink`,
      path,
      summary: 'Confirm an address with the link',
      rateLimit: 'sign-in',
      form: LinkForm,
      example: { token: '3yGk…' },
      take: (services: Needed) => async (request, command) => {
        const place = await placeOf(services, request);
        const { token } = request.body;
        const problem = await refusalOf(() => services.verification.confirm(command, { token }));
        if (!problem) return seeOther(`${verificationPath(place)}/confirmed`);
        return shownAgain(place.site, problem, deadVerificationSheet(place, problem.code));
      },
    }),
    plain('CodePage', 'code', 'Ask for the code', (place) => codeSheet(place)),
    formRow({
      id: `${id}ByCode`,
      path: `${path}/code`,
      summary: 'Confirm an address with the code',
      rateLimit: 'sign-in',
      form: AddressCodeForm,
      example: { ...examples[kind], code: '123456' },
      take: (services: Needed) => async (request, command) => {
        const place = await placeOf(services, request);
        const { body } = request;
        const problem = await refusalOf(() => services.verification.confirm(command, proofOf(kind, body)));
        if (!problem) return seeOther(`${verificationPath(place)}/confirmed`);
        return shownAgain(
          place.site,
          problem,
          codeSheet(place, { address: addressOf(kind, body), code: body.code, problem }),
        );
      },
    }),
    plain('MessagePage', 'message', 'Ask whether a new message is wanted', (place) => messageSheet(place)),
    formRow({
      id: `${id}Message`,
      path: `${path}/message`,
      summary: 'Send a new message; what follows does not tell whether there was anything to send',
      rateLimit: 'mail',
      form: AddressForm,
      example: examples[kind],
      take: (services: Needed) => async (request, command) => {
        const place = await placeOf(services, request);
        const address = addressOf(kind, request.body);
        const problem = await refusalOf(() => services.verification.requestFor(command, kind, address));
        if (!problem) return seeOther(`${verificationPath(place)}/sent`);
        return shownAgain(place.site, problem, messageSheet(place, { address, problem }));
      },
    }),
    plain('SentPage', 'sent', 'Says that a message is on its way, and asks for its code', (place) =>
      codeSheet(place, {}, true),
    ),
    plain('ConfirmedPage', 'confirmed', 'Says that it is done', confirmedSheet),
  ];
}

export const verificationPages: readonly Route<Needed>[] = [...pagesOf('email'), ...pagesOf('phone')];
