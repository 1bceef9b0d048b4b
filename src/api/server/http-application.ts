import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { BlockList } from 'node:net';
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { Entropy } from '../../application/ports/entropy.js';
import type { OperatorLog } from '../../application/ports/operator-log.js';
import { NoTracing, type Tracing } from '../../application/ports/tracing.js';
import { clientAddress, proxyList } from '../request/client-address.js';
import type { Cors } from '../answer/cors.js';
import { problemOf } from '../problems/failures.js';
import type { HttpMetrics } from './http-metrics.js';
import type { HttpSettings } from './http-settings.js';
import { type Mount, mountsOf } from './mounting.js';
import { asksForPage, failurePage } from '../pages/failure.js';
import { oauthFailure } from '../oauth/oauth-error.js';
import type { Pipeline } from './pipeline.js';
import { Problem } from '../problems/problem.js';
import { problemRow } from '../problems.js';
import { type Rendered, renderProblem } from '../answer/rendering.js';
import { headerOf, isPathForm, readHead } from '../request/request-head.js';
import { requestId } from '../request/request-id.js';
import type { Route } from '../route.js';
import { type Match, RouteTree } from './route-tree.js';
import { securityHeaders } from '../answer/security-headers.js';
import { send } from '../answer/sending.js';

/** The table of routes as an Express application. Express carries the middleware; finding the row is a walk down a tree. */
export class HttpApplication<Services> {
  private readonly tree = new RouteTree<Mount<Services>>();
  private readonly proxies: BlockList;
  private readonly draining = new AbortController();

  constructor(
    routes: readonly Route<Services>[],
    private readonly pipeline: Pipeline<Services>,
    private readonly cors: Cors,
    private readonly metrics: HttpMetrics,
    private readonly log: OperatorLog,
    private readonly entropy: Entropy,
    private readonly settings: HttpSettings,
    /** Handled before the table, for what is no row of it; they pass on what is not theirs. */
    private readonly before: readonly RequestHandler[] = [],
    private readonly tracing: Tracing = new NoTracing(),
  ) {
    this.proxies = proxyList(settings.trustedProxies);
    for (const mount of routes.flatMap((route) => mountsOf(route))) {
      this.tree.add(mount.route.method.toUpperCase(), mount.path, mount);
    }
  }

  /** Listens to a server's requests. A target that is no path goes past Express, whose URL parser would guess at it. */
  listener(): RequestListener {
    const app = this.express();
    const secure = securityHeaders(this.settings.origin);
    return (request, response) => {
      response.setHeaders(secure);
      if (isPathForm(request.url ?? '')) app(request as Request, response as Response);
      else void this.handle(request, response);
    };
  }

  private express(): Express {
    const app = express();
    app.disable('x-powered-by');
    app.disable('etag');
    for (const handler of this.before) app.use(handler);
    app.use((request: Request, response: Response) => this.handle(request, response));
    // Express would answer HTML; four parameters are what makes this the place errors go to.
    app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
      this.log.error('request-failed', { code: 'internal' }, error);
      response.destroy();
    });
    return app;
  }

  /** Ends the streams, so that what is under way comes to an end. */
  drain(): void {
    this.draining.abort();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const method = request.method ?? 'GET';
    const id = requestId(request.headers, () => this.entropy.uuid());
    response.setHeader('X-Request-Id', id);
    response.setHeader('Cache-Control', 'no-store');
    const [route, rendered] = await this.tracing.span(
      'http.request',
      request.headers,
      () => this.outcome(request, response, id),
      ([route, { status }]) => ({ attributes: { id, route, method, status }, failed: status >= 500 }),
    );
    await this.deliver(method, response, rendered, id);
    const milliseconds = performance.now() - started;
    this.metrics.observe({ route, method, status: rendered.status, seconds: milliseconds / 1000 });
    this.log.info('request', {
      id,
      route,
      method,
      status: rendered.status,
      milliseconds: Math.round(milliseconds * 10) / 10,
    });
  }

  /** The id of the row, or `none`, and the answer; never rejects. */
  private async outcome(
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
  ): Promise<readonly [route: string, rendered: Rendered]> {
    let route: Route<Services> | undefined;
    try {
      const { path, search } = readHead(request);
      const match = this.tree.find(request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'), path);
      if (match.found === 'leaf') route = match.leaf.route;
      return [route?.id ?? 'none', await this.answer(request, response, id, path, search, match)];
    } catch (error) {
      return [route?.id ?? 'none', this.failed(error, id, route, request)];
    }
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
    path: string,
    search: string,
    match: Match<Mount<Services>>,
  ): Promise<Rendered> {
    if (match.found === 'nothing') throw new Problem('not-found');
    if (match.found === 'other-methods') return this.otherMethod(request, path, match.allow);

    const origin = headerOf(request, 'origin');
    const crossOrigin = await this.cors.headers(match.leaf, match.params, origin);
    for (const [name, value] of Object.entries(crossOrigin)) response.setHeader(name, value);
    return this.pipeline.serve({
      id,
      mount: match.leaf,
      params: match.params,
      path,
      search,
      message: request,
      address: clientAddress(request.socket.remoteAddress, headerOf(request, 'x-forwarded-for'), this.proxies),
      setHeader: (name, value) => response.setHeader(name, value),
    });
  }

  /** RFC 9110 sections 9.3.7 and 15.5.6; a preflight is an OPTIONS request that names another method. */
  private async otherMethod(request: IncomingMessage, path: string, known: readonly string[]): Promise<Rendered> {
    const allow = [...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    if (request.method !== 'OPTIONS') throw new Problem('method-not-allowed', { headers: { Allow: allow } });

    const asked = this.tree.find(headerOf(request, 'access-control-request-method') ?? '', path);
    const crossOrigin =
      asked.found === 'leaf' ? await this.cors.preflight(asked.leaf, asked.params, headerOf(request, 'origin')) : {};
    return { status: 204, headers: { Allow: allow, ...crossOrigin }, body: '' };
  }

  private failed(error: unknown, id: string, row: Route<Services> | undefined, request: IncomingMessage): Rendered {
    const problem = problemOf(error);
    const route = row?.id ?? 'none';
    this.metrics.problem(route, problem.code);
    if (problemRow(problem.code).status >= 500) {
      this.log.error('request-failed', { id, route, code: problem.code }, problem.cause);
    }
    if (row?.failures !== undefined) return oauthFailure(problem, row.failures);
    if (asksForPage(row?.responses, request)) return failurePage(problem, id, headerOf(request, 'accept-language'));

    return renderProblem(problem, this.settings.origin, id);
  }

  private async deliver(method: string, response: ServerResponse, rendered: Rendered, id: string): Promise<void> {
    try {
      await send(method, response, rendered, this.draining.signal);
    } catch (error) {
      this.log.error('answer-failed', { id }, error);
      response.destroy();
    }
  }
}
