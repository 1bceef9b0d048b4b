import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { CommandContext } from '../../application/ports/event-log.js';
import type { RateLimitName } from '../../application/ports/rate-limits.js';
import { keyedRecord } from '../request/command-id.js';
import { type AnswerOf, type Class, empty, text } from '../answer/responses.js';
import { accepts, type Route, route, type RouteRequest } from '../route.js';
import { pageType } from './layout.js';

/** What a link in a message carries. */
export class LinkQuery {
  @IsOptional() @IsString() @MaxLength(2_000) token?: string;
  /** Of a device (RFC 8628 section 3.3.1). */
  @IsOptional() @IsString() @MaxLength(100) user_code?: string;
  /** Of a person on the way to an application: the sealed authorization request. */
  @IsOptional() @IsString() @MaxLength(8_000) request?: string;
}

/** `once` is drawn for every form that is shown. */
export class OnceForm {
  @IsOptional() @IsString() @MaxLength(100) once?: string;
}

/** Of somebody who may be on the way to an application. */
export class WayForm extends OnceForm {
  @IsOptional() @IsString() @MaxLength(8_000) request?: string;
}

export class LinkForm extends WayForm {
  @IsString() @MaxLength(2_000) token!: string;
}

/** What is too long for a password is said by the tenant's policy, beside the field. */
export class NewPasswordForm extends LinkForm {
  @IsString() @MaxLength(16_000) password!: string;
  @IsString() @MaxLength(16_000) repeated!: string;
}

const html = text(pageType, 'A page.', '<!doctype html>');
const shows = { 200: html, 303: empty('To the page that is due.'), 400: html } as const;
const takes = {
  200: html,
  303: empty('Done; the page that says so.'),
  400: html,
  401: html,
  403: html,
  404: html,
  409: html,
  422: html,
  429: html,
  503: html,
} as const;
const common = { tag: 'pages', access: 'public', undocumented: true } as const;

type PagePath = `/t/:tenant/${string}`;
export type PageRequest = RouteRequest<PagePath, 'public', never, LinkQuery>;
export type PageAnswer = AnswerOf<typeof shows>;
export type FormAnswer = AnswerOf<typeof takes>;
export type FormRequest<Form> = RouteRequest<PagePath, 'public', Form, never>;

/** A page that can be looked at as often as one likes, also by programs that follow links in mail: it changes nothing. */
export const pageRow = <Services>(
  row: Readonly<{
    id: string;
    path: PagePath;
    summary: string;
    show: (services: Services) => (request: PageRequest) => Promise<AnswerOf<typeof shows>>;
  }>,
): Route<Services> => {
  const { id, path, summary, show } = row;
  return route({
    ...common,
    id,
    method: 'get',
    path,
    summary,
    query: LinkQuery,
    otherParameters: 'ignored',
    responses: shows,
    handler: show,
  });
};

/** What the button of a page sends. `command` is the context of what it asks for. */
export const formRow = <Services, Form extends OnceForm>(
  row: Readonly<{
    id: string;
    path: PagePath;
    summary: string;
    rateLimit: RateLimitName;
    form: Class<Form>;
    example: NoInfer<Form>;
    take: (
      services: Services,
    ) => (request: FormRequest<Form>, command: CommandContext) => Promise<AnswerOf<typeof takes>>;
  }>,
): Route<Services> => {
  const { id, path, summary, rateLimit, form, example, take } = row;
  return route({
    ...common,
    id,
    method: 'post',
    path,
    summary,
    rateLimit,
    sameOrigin: true,
    // A page says in its words what a refusal says by its status.
    even: 'every-answer',
    body: accepts(form, example, { mediaType: 'application/x-www-form-urlencoded' }),
    responses: takes,
    handler: (services: Services) => (request) => take(services)(request, commandOf(id, request)),
  });
};

/**
 * A form that is sent twice, by a double click for example, is one command: the second gets the answer of the first. Nobody but the page
 * that was shown knows `once`, so the id tells nothing about the other fields.
 */
const commandOf = (id: string, { body, context }: FormRequest<OnceForm>): CommandContext =>
  body.once === undefined
    ? context
    : { ...context, fresh: false, commandId: keyedRecord(context.tenant, context.actor, id, JSON.stringify(body)) };
