import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { BlockList } from 'node:net';
import { pipeline as pump } from 'node:stream/promises';
import { Readable } from 'node:stream';
import express, { type Express, type Request, type Response } from 'express';
import type { OperatorLog } from '../application/ports/operator-log.js';
import { clientAddress, proxyList } from './client-address.js';
import { problemOf } from './failures.js';
import type { HttpSettings } from './http-settings.js';
import { type Mount, mountsOf } from './mounting.js';
import type { Pipeline } from './pipeline.js';
import { Problem } from './problem.js';
import { problemRow } from './problems.js';
import { type Rendered, renderProblem } from './rendering.js';
import { requestId } from './request-id.js';
import type { Route } from './route.js';
import { RouteTree } from './route-tree.js';

const maxTarget = 8_192;

/** The table of routes as an Express application. Express carries the middleware; finding the row is a walk down a tree. */
export class HttpApplication<Services> {
  private readonly tree = new RouteTree<Mount<Services>>();
  private readonly proxies: BlockList;

  constructor(
    routes: readonly Route<Services>[],
    private readonly pipeline: Pipeline<Services>,
    private readonly log: OperatorLog,
    private readonly settings: HttpSettings,
  ) {
    this.proxies = proxyList(settings.trustedProxies);
    for (const mount of routes.flatMap((route) => mountsOf(route))) {
      this.tree.add(mount.route.method.toUpperCase(), mount.path, mount);
    }
  }

  express(): Express {
    const app = express();
    app.disable('x-powered-by');
    app.disable('etag');
    app.use((request: Request, response: Response) => this.handle(request, response));
    return app;
  }

  private async handle(request: Request, response: Response): Promise<void> {
    const id = requestId(request.headers, randomUUID);
    response.setHeader('X-Request-Id', id);
    response.setHeader('Cache-Control', 'no-store');
    let rendered: Rendered;
    try {
      rendered = await this.dispatch(request, response, id);
    } catch (error) {
      rendered = this.failed(error, id);
    }
    await send(request.method, response, rendered);
  }

  private async dispatch(request: Request, response: Response, id: string): Promise<Rendered> {
    if (request.url.length > maxTarget) throw new Problem('path-too-long');
    const question = request.url.indexOf('?');
    const path = question === -1 ? request.url : request.url.slice(0, question);
    const search = question === -1 ? '' : request.url.slice(question + 1);
    const match = this.tree.find(request.method === 'HEAD' ? 'GET' : request.method, path);
    if (match.found === 'nothing') throw new Problem('not-found');
    if (match.found === 'other-methods') return otherMethod(request.method, match.allow);

    return this.pipeline.serve({
      id,
      mount: match.leaf,
      params: match.params,
      path,
      search,
      message: request,
      address: clientAddress(request.socket.remoteAddress, request.get('x-forwarded-for'), this.proxies),
      setHeader: (name, value) => response.setHeader(name, value),
    });
  }

  private failed(error: unknown, id: string): Rendered {
    const problem = problemOf(error);
    const { status } = problemRow(problem.code);
    if (status >= 500) this.log.error('request-failed', { id, code: problem.code }, problem.cause);

    return renderProblem(problem, this.settings.origin, id);
  }
}

/** RFC 9110 sections 9.3.7 and 15.5.6. */
function otherMethod(method: string, known: readonly string[]): Rendered {
  const allow = [...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  if (method !== 'OPTIONS') throw new Problem('method-not-allowed', { headers: { Allow: allow } });

  return { status: 204, headers: { Allow: allow }, body: '' };
}

async function send(method: string, response: ServerResponse, { status, headers, body }: Rendered): Promise<void> {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // What is left of a refused body is not waited for.
  if (status === 413) response.setHeader('Connection', 'close');
  if (typeof body !== 'string') return sendStream(response, body);

  if (status !== 204) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(method === 'HEAD' ? undefined : body);
}

async function sendStream(response: ServerResponse, body: Exclude<Rendered['body'], string>): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.flushHeaders();
  try {
    await pump(Readable.from(body(gone.signal)), response);
  } catch {
    // The status has been sent; cutting the connection is the only way left to say that it failed.
    response.destroy();
  }
}
