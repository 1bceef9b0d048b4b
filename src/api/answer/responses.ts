// The decorators of request and response classes look for it; every such class stands beside a route.
import 'reflect-metadata';
import type { AnswerParts, BodyStream, PageState } from './answer.js';

export type Class<T extends object = object> = new () => T;
/** A JSON Schema (2020-12), for bodies that no class describes. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type JsonResponse<T> = Readonly<{
  kind: 'json';
  description: string;
  schema: Class | JsonSchema;
  example: T;
  /** The media type of a text that says the same, for callers whose `Accept` names it. */
  alternative?: Readonly<{ mediaType: string; example: string }>;
}>;
/** `{ items, next }`; `next` is the absolute link of the following page, or null. */
export type PageResponse<T> = Readonly<{ kind: 'page'; description: string; schema: Class; example: T }>;
export type EmptyResponse = Readonly<{ kind: 'empty'; description: string }>;
/** Text of another type than JSON, such as HTML or a PEM file. */
export type TextResponse = Readonly<{ kind: 'text'; description: string; mediaType: string; example: string }>;
export type StreamResponse = Readonly<{ kind: 'stream'; description: string; mediaType: string; example: string }>;

export type ResponseRow = JsonResponse<unknown> | PageResponse<unknown> | EmptyResponse | TextResponse | StreamResponse;
/** By status. */
export type Responses = Readonly<Record<number, ResponseRow>>;

export const json = <T extends object>(
  schema: Class<T>,
  description: string,
  example: NoInfer<T>,
): JsonResponse<T> => ({
  kind: 'json',
  description,
  schema,
  example,
});

/** JSON described by a schema instead of a class; `T` is the type of the example. */
export const jsonSchema = <T>(schema: JsonSchema, description: string, example: T): JsonResponse<T> => ({
  kind: 'json',
  description,
  schema,
  example,
});

/** `schema` and `example` are of one item. */
export const page = <T extends object>(
  schema: Class<T>,
  description: string,
  example: NoInfer<T>,
): PageResponse<T> => ({
  kind: 'page',
  description,
  schema,
  example,
});

/** The same as a text of another type: the handler answers it where `Accept` names that type. */
export const orAs = <T>(mediaType: string, example: string, row: JsonResponse<T>): JsonResponse<T | string> => ({
  ...row,
  alternative: { mediaType, example },
});

export const empty = (description: string): EmptyResponse => ({ kind: 'empty', description });

export const text = (mediaType: string, description: string, example: string): TextResponse => ({
  kind: 'text',
  description,
  mediaType,
  example,
});

export const stream = (mediaType: string, description: string, example: string): StreamResponse => ({
  kind: 'stream',
  description,
  mediaType,
  example,
});

type BodyOf<R> =
  R extends JsonResponse<infer T>
    ? Readonly<{ body: T }>
    : R extends PageResponse<infer T>
      ? Readonly<{ body: Readonly<{ items: readonly T[] }>; next: PageState | undefined }>
      : R extends TextResponse
        ? Readonly<{ body: string }>
        : R extends StreamResponse
          ? Readonly<{ stream: BodyStream }>
          : object;

/** What a handler may return: one of the declared statuses with the body declared for it. */
export type AnswerOf<R extends Responses> = {
  [Status in keyof R & number]: Readonly<{ status: Status }> & BodyOf<R[Status]> & AnswerParts;
}[keyof R & number];

/** What an answer may be, other than a problem. */
export const mediaTypesOf = (responses: Responses): readonly string[] =>
  Object.values(responses).flatMap((row) => {
    if (row.kind === 'empty') return [];
    if (row.kind === 'page') return ['application/json'];
    if (row.kind !== 'json') return [row.mediaType];
    return ['application/json', ...(row.alternative === undefined ? [] : [row.alternative.mediaType])];
  });
