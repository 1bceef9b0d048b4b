import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import type { TemplateView } from '../../application/notifications/notification-templates.js';
import type { Variables } from '../../application/notifications/template.js';
import { FreeForm } from '../request/free-form.js';
import { empty, json } from '../answer/responses.js';
import { OneLine } from '../request/one-line.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

const longestPart = 50_000;

/** Liquid. Mail has a subject, text and HTML; a text message is short. */
export class TemplatePartsBody {
  @IsOptional() @IsString() @MaxLength(longestPart) @OneLine() subject?: string;
  @IsOptional() @IsString() @MaxLength(longestPart) text?: string;
  /** The inside of the page that all messages share, or a whole page that begins with `<!doctype`. */
  @IsOptional() @IsString() @MaxLength(longestPart) html?: string;
  @IsOptional() @IsString() @MaxLength(longestPart) short?: string;
}

export class TemplateBody {
  @IsDefined() @ValidateNested() @Type(() => TemplatePartsBody) parts!: TemplatePartsBody;
}

export class TemplatePreviewBody {
  /** Without them, the words in force. */
  @IsOptional() @ValidateNested() @Type(() => TemplatePartsBody) parts?: TemplatePartsBody;
}

export class TemplateListItem {
  @IsString() kind!: string;
  @IsString() locale!: string;
  @IsIn(['default', 'tenant']) origin!: 'default' | 'tenant';
  /** The locale whose words are in force here: another one where this has none of its own. */
  @IsString() wordsOf!: string;
  /** 0 where the tenant has no words of its own for this locale. */
  @IsInt() revision!: number;
}

export class TemplateListView {
  @ValidateNested({ each: true }) @Type(() => TemplateListItem) items!: TemplateListItem[];
}

export class NotificationTemplateView extends TemplateListItem {
  @ValidateNested() @Type(() => TemplatePartsBody) parts!: TemplatePartsBody;
  /** What a template of the kind may name, with what it holds in a preview. */
  @FreeForm() variables!: Record<string, string>;
}

const parts: TemplatePartsBody = {
  subject: 'Welcome to {{ service }}',
  text: 'Please confirm your address: {{ link }}',
  html: '<p>Please confirm your address.</p><p><a class="button" href="{{ link }}">Confirm</a></p>',
};
const item: TemplateListItem = { kind: 'verify-email', locale: 'en', origin: 'tenant', wordsOf: 'en', revision: 3 };
const link = 'https://id.example.org/t/acme/verify-email?token=sample';
const example: NotificationTemplateView = { ...item, parts, variables: { service: 'Example', link } };
const previewExample: TemplatePartsBody = {
  subject: 'Welcome to Example',
  text: `Please confirm your address: ${link}\n`,
  html: `<!doctype html>…<p><a class="button" href="${link}">Confirm</a></p>…`,
};

const itemOf = ({ kind, locale, origin, wordsOf, revision }: TemplateView): TemplateListItem => ({
  kind,
  locale,
  origin,
  wordsOf,
  revision,
});

/** Those that hold nothing have nothing to show. */
const shown = (variables: Variables): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );

type Needed = Pick<Services, 'notificationTemplates'>;

const path = '/t/:tenant/api/v1/notification-templates/:kind/:locale';
const row = { tag: 'notifications', access: 'tenant-admin' } as const;
const named = ['no-such-notification', 'locale-not-supported'] as const;
/** Longer than any one part may be: three of them and their quotes. */
const maxBytes = 262_144;

export const notificationTemplateRoutes = [
  route({
    ...row,
    id: 'listNotificationTemplates',
    method: 'get',
    path: '/t/:tenant/api/v1/notification-templates',
    summary: 'Every kind of message in every language of the tenant',
    responses: { 200: json(TemplateListView, 'Whose words each is in.', { items: [item] }) },
    handler:
      ({ notificationTemplates }: Needed) =>
      async ({ tenant }) => ({
        status: 200,
        body: { items: (await notificationTemplates.list(tenant.id)).map(itemOf) },
      }),
  }),
  route({
    ...row,
    id: 'viewNotificationTemplate',
    method: 'get',
    path,
    summary: 'The words of one kind of message in one language',
    responses: { 200: json(NotificationTemplateView, 'The words in force.', example) },
    problems: named,
    handler:
      ({ notificationTemplates }: Needed) =>
      async ({ tenant, params, context }) => {
        const view = await notificationTemplates.view(tenant.id, params, context.at);
        const body = { ...itemOf(view), parts: view.parts, variables: shown(view.variables) };
        return { status: 200, body, revision: view.revision };
      },
  }),
  route({
    ...row,
    id: 'putNotificationTemplate',
    method: 'put',
    path,
    summary: 'Say it in other words',
    description: 'The words are tried on samples first; `errors` points at each part that fails and says why.',
    ifMatch: 'optional',
    body: accepts(TemplateBody, { parts }, { maxBytes }),
    responses: { 200: json(NotificationTemplateView, 'The words now in force.', example) },
    problems: named,
    handler:
      ({ notificationTemplates }: Needed) =>
      async ({ tenant, params, context, body, expectedRevision }) => {
        const position = await notificationTemplates.put(context, params, { ...body.parts }, expectedRevision);
        const view = await notificationTemplates.view(tenant.id, params, context.at);
        const answer = { ...itemOf(view), parts: view.parts, variables: shown(view.variables) };
        return { status: 200, body: answer, revision: view.revision, position };
      },
  }),
  route({
    ...row,
    id: 'deleteNotificationTemplate',
    method: 'delete',
    path,
    summary: 'Back to the default words',
    ifMatch: 'optional',
    responses: { 204: empty('The default is in force.') },
    problems: named,
    handler:
      ({ notificationTemplates }: Needed) =>
      async ({ params, context, expectedRevision }) => {
        const position = await notificationTemplates.remove(context, params, expectedRevision);
        return { status: 204, position };
      },
  }),
  route({
    ...row,
    id: 'previewNotificationTemplate',
    method: 'post',
    path: `${path}/preview`,
    summary: 'A sample message, in these words or in those in force',
    description: 'Nothing is stored or sent. Show `html` in a frame without scripts: it is what the author wrote.',
    body: accepts(TemplatePreviewBody, { parts }, { maxBytes }),
    responses: { 200: json(TemplatePartsBody, 'The message.', previewExample) },
    problems: named,
    handler:
      ({ notificationTemplates }: Needed) =>
      async ({ params, context, body }) => ({
        status: 200,
        body: await notificationTemplates.preview(context, params, body.parts && { ...body.parts }),
      }),
  }),
];
