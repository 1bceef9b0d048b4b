import type { CommandContext } from '../application/ports/event-log.js';
import type { RateLimitName } from '../application/ports/rate-limits.js';
import type { Access, Principal } from './access/authentication.js';
import type { Answer, PageState } from './answer/answer.js';
import type { Evenness } from './answer/even-answers.js';
import type { ProblemCode } from './problems.js';
import type { AnswerOf, Class, Responses } from './answer/responses.js';
import type { OAuthFailures } from './oauth/oauth-error.js';
import type { TenantRef } from './access/tenants.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type MediaType = 'application/json' | 'application/merge-patch+json' | 'application/x-www-form-urlencoded';

/**
 * Which pages of other origins may read a route's answers. `none` is the default; `any` is for public documents such as keys and discovery;
 * `tenant-origins` asks the tenant. Cookies are never part of it: no answer allows credentials.
 */
export type CorsPolicy = 'none' | 'any' | 'tenant-origins';

/** A body as a route reads it: a class with class-validator decorators. Unknown members are refused. */
export type Accepted<Body extends object> = Readonly<{
  type: Class<Body>;
  example: Body;
  mediaType: MediaType;
  /** 64 KiB unless said otherwise. */
  maxBytes: number;
}>;

export const accepts = <Body extends object>(
  type: Class<Body>,
  example: NoInfer<Body>,
  options: Readonly<{ mediaType?: MediaType; maxBytes?: number }> = {},
): Accepted<Body> => ({ type, example, mediaType: 'application/json', maxBytes: 65_536, ...options });

type Parameters<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Parameters<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
/** The `:name` segments of a path, without the tenant, which is resolved. */
export type PathParameters<Path extends string> = Readonly<Record<Exclude<Parameters<Path>, 'tenant'>, string>>;

/** Whether requests of a route belong to a tenant: the path names it, or it is `system` because an installation administrator acts. */
type Tenanted<Path extends string, A extends Access> =
  'tenant' extends Parameters<Path> ? true : A extends 'installation-admin' ? true : false;

/** A request whose every part has been checked. */
export type RouteRequest<Path extends string, A extends Access, Body, Query> = Readonly<{
  /** Request id. */
  id: string;
  params: PathParameters<Path>;
  body: Body;
  query: Query;
  tenant: Tenanted<Path, A> extends true ? TenantRef : undefined;
  principal: A extends 'public' ? undefined : Principal;
  /** For the command that the request becomes; undefined on paths without a tenant. */
  context: Tenanted<Path, A> extends true ? CommandContext : undefined;
  /** `If-Match`; undefined where the caller did not say or said `*`. */
  expectedRevision: number | undefined;
  /** Of rows with `paged`: how many to answer and where the last page ended. */
  page: Readonly<{ limit: number; after: PageState | undefined }>;
  client: Readonly<{ address: string; userAgent: string | undefined }>;
  /** A header field by its lower-case name. */
  header: (name: string) => string | undefined;
}>;

export type RouteRow<
  Path extends string,
  A extends Access,
  Body extends object,
  Query extends object,
  R extends Responses,
  Services,
  Answered,
> = Readonly<{
  /** Unique; operationId, metric label and scope of Idempotency-Keys. */
  id: string;
  method: Method;
  /** `/t/:tenant/…` or, outside tenants, `/…`. Parameters are whole segments. */
  path: Path;
  summary: string;
  description?: string;
  tag: string;
  /** Left out of the API description: pages and assets. */
  undocumented?: boolean;
  access: A;
  /** What the principal must hold beyond `access`, as `resource:action`. */
  permission?: string;
  /** The scope that a token must have; follows from `access` where nothing is said. */
  scope?: string;
  /** `none` only where the caller is a probe. */
  rateLimit?: RateLimitName | 'none';
  /** For rows whose answer does not say whether an account exists. */
  even?: Evenness;
  cors?: CorsPolicy;
  body?: Accepted<Body>;
  query?: Class<Query>;
  /**
   * Parameters that `query`, or the class of the body, does not know are ignored: links of pages arrive with what mail programs add, and
   * "the authorization server MUST ignore unrecognized request parameters" (RFC 6749 section 3.1).
   */
  otherParameters?: 'ignored';
  /** The access token may stand in the form, which holds nothing else (RFC 6750 section 2.2). */
  bearerInForm?: true;
  /** For forms of pages: refused when another site's page sent it. */
  sameOrigin?: true;
  /** Adds `limit` and `cursor`; one response is a `page(…)`. */
  paged?: boolean;
  /** Names of the asynchronous read models that answer it, and only while they are whole; makes it take `Annal-Min-Position`. */
  reads?: readonly string[];
  /** Takes an Idempotency-Key, as every command that is not idempotent by itself. `in-session`: in another session it is another request. */
  idempotent?: true | 'in-session';
  /** Takes `If-Match`. */
  ifMatch?: 'optional' | 'required';
  /** How failures are told, where not as RFC 9457 problems. */
  failures?: OAuthFailures;
  responses: R;
  /** Beyond those that follow from the row itself. */
  problems?: readonly ProblemCode[];
  handler: (services: Services) => (request: RouteRequest<Path, A, Body, Query>) => Promise<Answered>;
}>;

/** A row as the router sees it: requests are checked before they reach the handler, so their type is erased. */
export type Route<Services> = Omit<RouteRow<string, Access, object, object, Responses, Services, Answer>, 'handler'> &
  Readonly<{ handler: (services: Services) => (request: unknown) => Promise<Answer> }>;

/**
 * One endpoint: OpenAPI, authentication, limits, idempotency and handler come from this row. The type of the handler's request follows
 * from the other columns, and it can only answer what `responses` declares.
 */
export function route<
  const Path extends string,
  const A extends Access,
  const R extends Responses,
  Services,
  Body extends object = never,
  Query extends object = never,
  const Answered extends AnswerOf<R> = AnswerOf<R>,
>(row: RouteRow<Path, A, Body, Query, R, Services, Answered>): Route<Services> {
  // The router hands a handler only what the columns beside it describe.
  return row as unknown as Route<Services>;
}
