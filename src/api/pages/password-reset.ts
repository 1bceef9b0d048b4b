import { IsString, MaxLength } from 'class-validator';
import type { Route } from '../route.js';
import type { Services } from '../services.js';
import { seeOther, shown, shownAgain, shownAsDead } from './page-answers.js';
import { formRow, NewPasswordForm, WayForm, pageRow } from './page-rows.js';
import { askSheet, changedSheet, chooseSheet, deadResetSheet, resetCodeSheet } from './password-reset-sheets.js';
import { refusalOf, requireRepeated, typedCode } from './refusals.js';
import type { Sheet } from './sheets.js';
import { deadRequestSheet } from './sign-in-sheets.js';
import { pathOn, type Way, wayOf } from './way.js';

type Needed = Pick<Services, 'authorizationRequests' | 'passwordReset' | 'tenants'>;

export class ResetMessageForm extends WayForm {
  @IsString() @MaxLength(2_000) identifier!: string;
}

export class ResetCodeForm extends ResetMessageForm {
  @IsString() @MaxLength(100) code!: string;
  @IsString() @MaxLength(16_000) password!: string;
  @IsString() @MaxLength(16_000) repeated!: string;
}

const passwords = { password: 'correct horse battery staple', repeated: 'correct horse battery staple' };
const path = '/t/:tenant/reset-password';

const plain = (id: string, under: string, summary: string, sheet: (way: Way) => Sheet): Route<Needed> =>
  pageRow({
    id,
    path: `${path}/${under}`,
    summary,
    show: (services: Needed) => async (request) => {
      const way = await wayOf(services, request, request.query.request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      return shown(way.site, sheet(way));
    },
  });

/** Where people who forgot their password choose another one, with the link or the code of a message. */
export const passwordResetPages: readonly Route<Needed>[] = [
  pageRow({
    id: 'resetPasswordPage',
    path,
    summary: 'Where the link of a message leads: asks for a new password, or without a token for the account',
    show: (services: Needed) => async (request) => {
      const way = await wayOf(services, request, request.query.request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const { token } = request.query;
      if (!token) return shown(way.site, askSheet(way));
      const pending = await services.passwordReset.pending(request.context, token);
      return pending
        ? shown(way.site, chooseSheet(way, token, pending.account))
        : shownAsDead(way.site, deadResetSheet(way));
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
      const way = await wayOf(services, request, request.body.request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const { token, password } = request.body;
      const problem = await refusalOf(async () => {
        requireRepeated(request.body);
        await services.passwordReset.reset(command, { token }, password);
      });
      if (!problem) return seeOther(pathOn(way, 'reset-password/changed'));
      const pending = await services.passwordReset.pending(request.context, token);
      return pending
        ? shownAgain(way.site, problem, chooseSheet(way, token, pending.account, problem))
        : shownAsDead(way.site, deadResetSheet(way));
    },
  }),
  plain('resetPasswordAskPage', 'message', 'Ask for the account', (way) => askSheet(way)),
  formRow({
    id: 'resetPasswordMessage',
    path: `${path}/message`,
    summary: 'Send a link and a code; what follows does not tell whether there is such an account',
    rateLimit: 'mail',
    form: ResetMessageForm,
    example: { identifier: 'ada@example.com' },
    take: (services: Needed) => async (request, command) => {
      const way = await wayOf(services, request, request.body.request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const { identifier } = request.body;
      const problem = await refusalOf(() => services.passwordReset.request(command, identifier));
      if (!problem) return seeOther(pathOn(way, 'reset-password/sent'));
      return shownAgain(way.site, problem, askSheet(way, { identifier, problem }));
    },
  }),
  plain('resetPasswordSentPage', 'sent', 'Says that a message may be on its way, and asks for its code', (way) =>
    resetCodeSheet(way, {}, true),
  ),
  plain('resetPasswordCodePage', 'code', 'Ask for the code and a new password', (way) => resetCodeSheet(way)),
  formRow({
    id: 'resetPasswordByCode',
    path: `${path}/code`,
    summary: 'Set a new password with the code',
    rateLimit: 'sign-in',
    form: ResetCodeForm,
    example: { identifier: 'ada@example.com', code: '123456', ...passwords },
    take: (services: Needed) => async (request, command) => {
      const way = await wayOf(services, request, request.body.request);
      if ('lost' in way) return shownAsDead(way.lost, deadRequestSheet(way.lost));
      const { identifier, code, password } = request.body;
      const problem = await refusalOf(async () => {
        requireRepeated(request.body);
        await services.passwordReset.reset(command, { identifier, code: typedCode(code) }, password);
      });
      if (!problem) return seeOther(pathOn(way, 'reset-password/changed'));
      return shownAgain(way.site, problem, resetCodeSheet(way, { identifier, code, problem }));
    },
  }),
  plain('resetPasswordChangedPage', 'changed', 'Says that it is done', changedSheet),
];
