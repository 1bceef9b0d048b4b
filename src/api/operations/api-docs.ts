import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { text } from '../answer/responses.js';
import { type Route, route } from '../route.js';
import { pagePolicy } from '../answer/security-headers.js';
import type { OperationsServices } from './services.js';

/** Nothing on the page is inline, and the page calls only this service. */
const policy = pagePolicy({
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
});

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Annal API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  validatorUrl: null,
  tryItOutEnabled: false,
  persistAuthorization: false,
});
`;

/** A file of swagger-ui-dist, read when it is first asked for. */
function packaged(name: string): () => string {
  let content: string | undefined;
  return () => {
    content ??= readFileSync(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`), 'utf8');
    return content;
  };
}

const asset = (id: string, path: string, mediaType: string, content: () => string): Route<OperationsServices> =>
  route({
    id,
    method: 'get',
    path,
    summary: 'Part of the documentation page',
    tag: 'documentation',
    access: 'public',
    undocumented: true,
    responses: { 200: text(mediaType, 'The file', '') },
    handler: () => async () => ({ status: 200, body: content(), headers: { 'Cache-Control': 'public, max-age=3600' } }),
  });

const script = 'text/javascript; charset=utf-8';

export const apiDocsRoutes: readonly Route<OperationsServices>[] = [
  route({
    id: 'apiDescription',
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    tag: 'documentation',
    access: 'public',
    cors: 'any',
    responses: { 200: text('application/json', 'OpenAPI 3.1', '{"openapi":"3.1.1"}') },
    handler:
      ({ apiDescription }: Pick<OperationsServices, 'apiDescription'>) =>
      async () => ({ status: 200, body: apiDescription(), headers: { 'Cache-Control': 'public, max-age=300' } }),
  }),
  route({
    id: 'apiDocs',
    method: 'get',
    path: '/docs',
    summary: 'The API description as a page',
    tag: 'documentation',
    access: 'public',
    undocumented: true,
    responses: { 200: text('text/html; charset=utf-8', 'The page', '') },
    handler: () => async () => ({ status: 200, body: page, headers: { 'Content-Security-Policy': policy } }),
  }),
  asset('apiDocsStyle', '/docs/swagger-ui.css', 'text/css; charset=utf-8', packaged('swagger-ui.css')),
  asset('apiDocsBundle', '/docs/swagger-ui-bundle.js', script, packaged('swagger-ui-bundle.js')),
  asset('apiDocsStart', '/docs/start.js', script, () => start),
];
