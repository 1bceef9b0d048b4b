import { Type } from 'class-transformer';
import {
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Position } from '../../src/application/ports/event-log.js';
import { Problem } from '../../src/api/problems/problem.js';
import { empty, json, page, stream, text } from '../../src/api/answer/responses.js';
import { accepts, route, type Route } from '../../src/api/route.js';
import { FreeForm } from '../../src/api/request/free-form.js';

export class SampleAddress {
  @IsString() @MaxLength(100) street!: string;
  @IsString() @Length(2, 2) country!: string;
}

export class SamplePerson {
  @IsEmail() email!: string;
  @IsOptional() @IsString() @MaxLength(40) name?: string;
  @IsOptional() @ValidateNested() @Type(() => SampleAddress) address?: SampleAddress;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => SampleAddress) others?: SampleAddress[];
  @IsOptional() @FreeForm() metadata?: Record<string, string>;
}

export class SampleView {
  @IsString() id!: string;
  @IsString() email!: string;
}

export class SampleFilter {
  @IsOptional() @IsString() @MaxLength(20) name?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(9) grade?: number;
}

export class SampleFailure {
  @IsIn(['bug', 'refused']) how!: string;
}

export class SampleForm {
  @IsString() token!: string;
}

/** What the sample handlers need: a place that counts what was done. */
export type SampleServices = Readonly<{
  effects: { commandId: string; metadata?: Record<string, string> | undefined }[];
  /** Settles before a command takes effect. */
  before: () => Promise<void>;
  /** To be called by the endless stream when it was told to end. */
  endEndless: () => void;
}>;

const view = { id: 'p1', email: 'ada@example.com' };
const position = 'e1.7' as Position;

export const sampleRoutes: readonly Route<SampleServices>[] = [
  route({
    id: 'sampleHello',
    method: 'get',
    path: '/hello/:name',
    summary: 'Greet somebody',
    tag: 'samples',
    access: 'public',
    query: SampleFilter,
    responses: { 200: text('text/plain; charset=utf-8', 'A greeting', 'hello') },
    handler:
      () =>
      async ({ params, query }) => ({ status: 200, body: `hello ${params.name} ${query.grade ?? '-'}` }),
  }),
  route({
    id: 'sampleCreatePerson',
    method: 'post',
    path: '/t/:tenant/api/v1/people',
    summary: 'Create a person',
    tag: 'samples',
    access: 'user',
    idempotent: true,
    body: accepts(SamplePerson, { email: 'ada@example.com' }),
    responses: { 201: json(SampleView, 'The person', view) },
    problems: ['conflict'],
    handler:
      ({ effects, before }: Pick<SampleServices, 'effects' | 'before'>) =>
      async ({ body, context }) => {
        await before();
        effects.push({ commandId: context.commandId, metadata: body.metadata });
        return {
          status: 201,
          body: { id: 'p1', email: body.email },
          revision: 0,
          position,
          location: '/t/x/api/v1/people/p1',
        };
      },
  }),
  route({
    id: 'sampleListPeople',
    method: 'get',
    path: '/t/:tenant/api/v1/people',
    summary: 'List people',
    tag: 'samples',
    access: 'tenant-admin',
    permission: 'people:read',
    paged: true,
    query: SampleFilter,
    reads: ['people'],
    responses: { 200: page(SampleView, 'People', view) },
    handler:
      () =>
      async ({ page: { limit, after } }) => {
        const from = Number(after?.['from'] ?? 0);
        const items = Array.from({ length: Math.min(limit, 5 - from) }, (_, index) => ({
          id: `p${from + index}`,
          email: 'x@y.z',
          verifier: 'canary',
        }));
        return { status: 200, body: { items }, next: from + limit < 5 ? { from: from + limit } : undefined };
      },
  }),
  route({
    id: 'sampleChangePerson',
    method: 'patch',
    path: '/t/:tenant/api/v1/people/:person',
    summary: 'Change a person',
    tag: 'samples',
    access: 'user',
    ifMatch: 'required',
    body: accepts(SamplePerson, { email: 'ada@example.com' }, { mediaType: 'application/merge-patch+json' }),
    responses: { 204: empty('Changed') },
    handler:
      () =>
      async ({ expectedRevision }) => {
        if (expectedRevision !== 3) throw new Problem('revision-mismatch');
        return { status: 204, revision: 4, position };
      },
  }),
  route({
    id: 'sampleFail',
    method: 'post',
    path: '/t/:tenant/api/v1/failures',
    summary: 'Fail',
    tag: 'samples',
    access: 'public',
    rateLimit: 'sign-in',
    idempotent: true,
    body: accepts(SampleFailure, { how: 'bug' }),
    responses: { 204: empty('Never') },
    problems: ['forbidden'],
    handler:
      ({ effects }: Pick<SampleServices, 'effects'>) =>
      async ({ body, context }) => {
        effects.push({ commandId: context.commandId });
        if (body.how === 'refused') throw new Problem('forbidden');
        throw new Error('the secret cause');
      },
  }),
  route({
    id: 'sampleForm',
    method: 'post',
    path: '/t/:tenant/form',
    summary: 'Read a form',
    tag: 'samples',
    access: 'public',
    body: accepts(SampleForm, { token: 'x' }, { mediaType: 'application/x-www-form-urlencoded' }),
    responses: { 200: json(SampleView, 'Echo', view) },
    handler:
      () =>
      async ({ body }) => ({ status: 200, body: { id: body.token, email: 'x@y.z' } }),
  }),
  route({
    id: 'sampleStream',
    method: 'get',
    path: '/api/v1/stream',
    summary: 'Stream lines',
    tag: 'samples',
    access: 'installation-admin',
    responses: { 200: stream('application/x-ndjson', 'Lines', '{"n":1}\n') },
    handler: () => async () => ({
      status: 200,
      stream: async function* () {
        yield '{"n":1}\n';
        yield '{"n":2}\n';
      },
    }),
  }),
  route({
    id: 'sampleEndless',
    method: 'get',
    path: '/api/v1/endless',
    summary: 'Stream until told to stop',
    tag: 'samples',
    access: 'installation-admin',
    responses: { 200: stream('application/x-ndjson', 'Lines', '{"n":1}\n') },
    handler:
      ({ endEndless }: Pick<SampleServices, 'endEndless'>) =>
      async () => ({
        status: 200,
        stream: async function* (signal) {
          yield '{"n":1}\n';
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          endEndless();
        },
      }),
  }),
];
