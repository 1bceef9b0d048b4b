import { createHash } from 'node:crypto';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { ComponentChildren, JSX } from 'preact';
import type { CaughtMessage, DevelopmentMailbox } from '../../application/ports/development-mailbox.js';
import { passedProxy } from '../request/client-address.js';
import { developmentMailboxStyle } from './development-mailbox-style.js';
import { documentOf } from './html.js';

const listed = 100;
const stylesheet = '/mailbox/style.css';

const pagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const loopbackAddress = /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/;

/** Whether the service is reachable under this URL only from its own machine. */
export const isLoopback = (url: string): boolean => loopbackName.test(URL.parse(url)?.hostname ?? '');

/**
 * The pages of the development mailbox: `GET /mailbox?to=`, `/mailbox/:id` (HTML, or JSON for `Accept:
 * application/json`) and `/mailbox/:id/html`, what a mail reader would show.
 * @throws RangeError unless the public URL is on loopback
 */
export function developmentMailboxPages(mailbox: DevelopmentMailbox, publicUrl: string): RequestHandler {
  if (!isLoopback(publicUrl)) throw new RangeError('the development mailbox is served on loopback only');
  const router = express.Router();
  router.use('/mailbox', onlyLoopback);
  router.get(stylesheet, (_request, response) => {
    response.type('text/css').send(developmentMailboxStyle);
  });
  router.get('/mailbox', async (request, response) => {
    const to = typeof request.query['to'] === 'string' && request.query['to'] !== '' ? request.query['to'] : undefined;
    const messages = await mailbox.list(listed, to);
    answer(request, response, { items: messages }, () => <List messages={messages} to={to} />);
  });
  router.get('/mailbox/:id', async (request, response) => {
    const message = await mailbox.get(request.params.id);
    if (!message) return missing(request, response);
    answer(request, response, message, () => <Message message={message} />);
  });
  router.get('/mailbox/:id/html', async (request, response) => {
    const message = await mailbox.get(request.params.id);
    if (message?.html === undefined) return missing(request, response);
    response.setHeader('Content-Security-Policy', mailPolicy(message.html));
    response.setHeader('X-Frame-Options', 'SAMEORIGIN');
    response.type('html').send(inNewTab(message.html));
  });
  router.use('/mailbox', unreadable);
  // Whoever asks for anything else is not led through these routes.
  return (request, response, next) => (/^\/mailbox/i.test(request.url) ? router(request, response, next) : next());
}

/** Express could not decode the path. The fourth parameter makes this the place errors go to. */
function unreadable(error: unknown, request: Request, response: Response, next: NextFunction): void {
  if (error instanceof URIError) missing(request, response);
  else next(error);
}

/** A foreign page can make its own name resolve to this machine (DNS rebinding); the Host header then gives it away. */
function onlyLoopback(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Security-Policy', pagePolicy);
  const near = loopbackAddress.test(request.socket.remoteAddress ?? '');
  if (near && !passedProxy((name) => request.get(name)) && isLoopback(`http://${request.headers.host ?? ''}`))
    return next();
  response.status(421).type('text/plain').send('The development mailbox is served on loopback only.\n');
}

function answer(request: Request, response: Response, json: object, page: () => JSX.Element): void {
  response.vary('Accept');
  if (request.accepts(['html', 'json']) === 'json') response.json(json);
  else response.type('html').send(documentOf(page()));
}

function missing(request: Request, response: Response): void {
  response.status(404);
  const body = { title: 'There is no such message in the development mailbox.' };
  answer(request, response, body, () => (
    <Page title={body.title}>
      <p class="empty">It may have made room for newer ones.</p>
    </Page>
  ));
}

/** Links may open, in a tab that is free again; nothing else. */
const inSandbox = 'allow-popups allow-popups-to-escape-sandbox';

/**
 * Mail brings its own styles. They are allowed by their hashes, in a frame that runs no script and has no origin (CSP 3
 * section 6.7.3.3: style attributes need `unsafe-hashes`).
 */
function mailPolicy(html: string): string {
  const sheets = [...html.matchAll(/<style[^>]*>([^]*?)<\/style>/gi)].map((match) => match[1] ?? '');
  const attributes = [...html.matchAll(/\sstyle="([^"]*)"/gi)].map((match) => match[1] ?? '');
  const hashes = new Set([...sheets, ...attributes].slice(0, 100).map(sha256));
  const styles = hashes.size === 0 ? "'none'" : `'unsafe-hashes' ${[...hashes].join(' ')}`;
  return `default-src 'none'; style-src ${styles}; img-src data:; frame-ancestors 'self'; sandbox ${inSandbox}`;
}

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Links of a mail open beside the mailbox. */
const inNewTab = (html: string): string => html.replace(/<head>/i, '<head><base target="_blank">');

const Page = ({ title, children }: Readonly<{ title: string; children: ComponentChildren }>) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${title} · development mailbox`}</title>
      <link rel="stylesheet" href={stylesheet} />
    </head>
    <body>
      <main>
        <header>
          <h1>{title}</h1>
          <span class="note">
            <a href="/mailbox">Development mailbox</a>: nothing here was sent
          </span>
        </header>
        {children}
      </main>
    </body>
  </html>
);

const Moment = ({ at }: Pick<CaughtMessage, 'at'>) => <time datetime={at}>{at}</time>;

const titleOf = ({ subject, text }: CaughtMessage): string => subject ?? text;

const List = ({ messages, to }: Readonly<{ messages: readonly CaughtMessage[]; to: string | undefined }>) => (
  <Page title="Messages">
    <form method="get" action="/mailbox">
      <input type="search" name="to" value={to ?? ''} placeholder="Recipient" aria-label="Recipient" />
      <button>Filter</button>
    </form>
    {messages.length === 0 && <p class="empty">No messages{to === undefined ? '' : ` to ${to}`} yet.</p>}
    {messages.length > 0 && (
      <ul>
        {messages.map((message) => (
          <li>
            <a href={`/mailbox/${message.id}`}>{titleOf(message)}</a>
            <div class="meta">
              to {message.to} · {message.kind} · <Moment at={message.at} />
            </div>
          </li>
        ))}
      </ul>
    )}
  </Page>
);

const Message = ({ message }: Readonly<{ message: CaughtMessage }>) => {
  const { id, to, kind, at, link, code, text, html } = message;
  return (
    <Page title={titleOf(message)}>
      <article>
        <dl>
          <dt>To</dt>
          <dd>{to}</dd>
          <dt>Kind</dt>
          <dd>{kind}</dd>
          <dt>At</dt>
          <dd>
            <Moment at={at} />
          </dd>
        </dl>
        {(code !== undefined || link !== undefined) && (
          <div class="proof">
            {code !== undefined && <span class="code">{code}</span>}
            {link !== undefined && (
              <a class="link" href={link}>
                {link}
              </a>
            )}
          </div>
        )}
      </article>
      {html !== undefined && (
        <article>
          <iframe src={`/mailbox/${id}/html`} title="The message as a mail reader shows it" sandbox={inSandbox} />
        </article>
      )}
      <article>
        <pre>{text}</pre>
      </article>
    </Page>
  );
};
