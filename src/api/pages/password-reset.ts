import { IsString, MaxLength } from 'class-validator';
import type { CommandContext } from '../../application/ports/event-log.js';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { seeOther, shown, shownAgain, shownAsDead } from './page-answers.js';
import { formRow, NewPasswordForm, OnceForm, pageRow } from './page-rows.js';
import {
  askSheet,
  changedSheet,
  chooseSheet,
  deadResetSheet,
  resetCodeSheet,
  resetPath,
  type ResetPlace,
} from './password-reset-sheets.js';
import { refusalOf, requireRepeated, typedCode } from './refusals.js';
import type { Sheet } from './sheets.js';
import { siteOf, type Visit } from './site.js';

type Needed = Pick<Services, 'passwordReset' | 'tenants'>;

export class ResetMessageForm extends OnceForm {
  @IsString() @MaxLength(2_000) identifier!: string;
}

export class ResetCodeForm extends ResetMessageForm {
  @IsString() @MaxLength(100) code!: string;
  @IsString() @MaxLength(16_000) password!: string;
  @IsString() @MaxLength(16_000) repeated!: string;
}

const passwords = { password: 'correct horse battery staple', repeated: 'correct horse battery staple' };
const path = '/t/:tenant/reset-password';

const placeOf = async (
  { tenants }: Needed,
  visit: Visit & Readonly<{ context: CommandContext }>,
): Promise<ResetPlace> => ({
  site: await siteOf(tenants, visit),
  once: visit.context.commandId,
});

const plain = (id: string, under: string, summary: string, sheet: (place: ResetPlace) => Sheet): Route<Needed> =>
  pageRow({
    id,
    path: `${path}/${under}`,
    summary,
    show: (services: Needed) => async (request) => {
      const place = await placeOf(services, request);
      return shown(place.site, sheet(place));
    },
  });

/** Where people who forgot their password choose another one, with the link or the code of a message. */
export const passwordResetPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'resetPasswordPage',
    path,
    summary: 'Where the link of a message leads: asks for a new password, or without a token for the account',
    show: (services: Needed) => async (request) => {
      const place = await placeOf(services, request);
      const { token } = request.query;
      if (!token) return shown(place.site, askSheet(place));
      const pending = await services.passwordReset.pending(request.context, token);
      return pending
        ? shown(place.site, chooseSheet(place, token, pending.account))
        : shownAsDead(place.site, deadResetSheet(place));
    },
  }),
  formRow({
    id: 'resetPasswordByLink',
    path,
    summary: 'Set a new password with the link',
    rateLimit: 'sign-in',
    form: NewPasswordForm,
    example: { token: '3yGk…', ...passwords },
    take: (services: Needed) => async (request, command) => {
      const place = await placeOf(services, request);
      const { token, password } = request.body;
      const problem = await refusalOf(async () => {
        requireRepeated(request.body);
        await services.passwordReset.reset(command, { token }, password);
      });
      if (!problem) return seeOther(`${resetPath(place)}/changed`);
      const pending = await services.passwordReset.pending(request.context, token);
      return pending
        ? shownAgain(place.site, problem, chooseSheet(place, token, pending.account, problem))
        : shownAsDead(place.site, deadResetSheet(place));
    },
  }),
  plain('resetPasswordAskPage', 'message', 'Ask for the account', (place) => askSheet(place)),
  formRow({
    id: 'resetPasswordMessage',
    path: `${path}/message`,
    summary: 'Send a link and a code; what follows does not tell whether there is such an account',
    rateLimit: 'mail',
    form: ResetMessageForm,
    example: { identifier: 'ada@example.com' },
    take: (services: Needed) => async (request, command) => {
      const place = await placeOf(services, request);
      const { identifier } = request.body;
      const problem = await refusalOf(() => services.passwordReset.request(command, identifier));
      if (!problem) return seeOther(`${resetPath(place)}/sent`);
      return shownAgain(place.site, problem, askSheet(place, { identifier, problem }));
    },
  }),
  plain('resetPasswordSentPage', 'sent', 'Says that a message may be on its way, and asks for its code', (place) =>
    resetCodeSheet(place, {}, true),
  ),
  plain('resetPasswordCodePage', 'code', 'Ask for the code and a new password', (place) => resetCodeSheet(place)),
  formRow({
    id: 'resetPasswordByCode',
    path: `${path}/code`,
    summary: 'Set a new password with the code',
    rateLimit: 'sign-in',
    form: ResetCodeForm,
    example: { identifier: 'ada@example.com', code: '123456', ...passwords },
    take: (services: Needed) => async (request, command) => {
      const place = await placeOf(services, request);
      const { identifier, code, password } = request.body;
      const problem = await refusalOf(async () => {
        requireRepeated(request.body);
        await services.passwordReset.reset(command, { identifier, code: typedCode(code) }, password);
      });
      if (!problem) return seeOther(`${resetPath(place)}/changed`);
      return shownAgain(place.site, problem, resetCodeSheet(place, { identifier, code, problem }));
    },
  }),
  plain('resetPasswordChangedPage', 'changed', 'Says that it is done', changedSheet),
];
